//! What a call sends, without what a client adds: signatures, checks, and the fields of the form.

use bytes::Bytes;
use http::{
    Request,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};

use crate::Outcome;

/// Creates the three requests of an `AddImage`.
pub(crate) fn of_call(url: &str, number: usize, picture: Bytes) -> Outcome<[Request<Bytes>; 3]> {
    let authorize = Request::get(format!("{url}/?Product=ImageSearch"))
        .header("x-acs-action", "AuthorizeFileUpload")
        .body(Bytes::new())?;
    let upload = Request::post(format!("{url}/"))
        .header(CONTENT_TYPE, "multipart/form-data; boundary=none")
        .header(CONTENT_LENGTH, picture.len())
        .body(picture)?;
    let form = format!("InstanceName=shop&ProductId={number}&PicName=front.jpg");
    let add = Request::post(format!("{url}/"))
        .header("x-acs-action", "AddImage")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(CONTENT_LENGTH, form.len())
        .body(form.into())?;
    Ok([authorize, upload, add])
}
