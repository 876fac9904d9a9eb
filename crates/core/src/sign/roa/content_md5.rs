use base64::prelude::{BASE64_STANDARD, Engine};
use md5::{Digest, Md5};

use crate::body::Body;

/// Computes the `Content-MD5` of a body, in Base64, without joining its segments.
///
/// ```
/// use imagesearch_core::{body::Body, sign::roa::content_md5};
///
/// let body = "item_id,0,4#pic_list,4,37^1000c2hvZXMxLmpwZw==,c2hvZXMyLmpwZw==";
/// assert_eq!(content_md5(&Body::from(body.to_owned())), "TivR4OYjdwap9g2NjPwe/g==");
/// ```
pub fn content_md5(body: &Body) -> String {
    let mut hash = Md5::new();
    for chunk in body.chunks() {
        hash.update(&chunk);
    }
    BASE64_STANDARD.encode(hash.finalize())
}
