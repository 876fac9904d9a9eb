//! Small pictures of the stored ones.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Shared};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use image::codecs::jpeg::JpegEncoder;
use image::{RgbImage, imageops};
use imagesearch_similarity::{DecodeLimits, Picture, decode};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::task::block_in_place;

use crate::http::admin::answer::{AdminError, Answer};
use crate::http::context::Context;
use crate::http::gateway::answer::status_of;
use crate::service::refusal::Refusal;
use crate::store::{ImageKey, StoreError};

/// The longest side of a thumbnail, in pixels.
const SIDE: u32 = 256;

/// Of 100; small pictures show the marks of less.
const QUALITY: u8 = 82;

/// The first bytes of a digest that name a picture; nobody gains by finding two of one name.
const TAG_BYTES: usize = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    product_id: String,
    pic_name: String,
}

/// Shows a picture as a JPEG, upright as its EXIF orientation asks.
pub(super) async fn show(
    Shared(context): Shared<Arc<Context>>,
    Path(name): Path<String>,
    named: Result<Query<Named>, QueryRejection>,
    headers: HeaderMap,
) -> Answer {
    let Query(Named { product_id, pic_name }) = named.map_err(AdminError::bad)?;
    let instance = context.service.store.instance(&name).ok_or(StoreError::NoInstance { name })?;
    let key = ImageKey { product_id, pic_name };
    // It may wait for the disk.
    let bytes = block_in_place(|| instance.picture(&key))?;
    let bytes = bytes.ok_or_else(|| {
        let reason = match instance.get(&key) {
            Some(_) => "the bytes of this picture are not kept; start with --keep-images",
            None => "there is no picture of these names",
        };
        AdminError::new(StatusCode::NOT_FOUND, reason)
    })?;
    let given = headers.get(header::IF_NONE_MATCH).cloned();
    let work = move |_: &_| shrink(&bytes, given.as_ref());
    let made = context.service.compute.run(work).await;
    let (tag, jpeg) =
        made.map_err(|refusal| AdminError::new(status_of(&refusal), refusal.advice))?;
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    // It may be kept, but another picture may get the same names at any time.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    match jpeg {
        Some(jpeg) => {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
            *response.body_mut() = Body::from(jpeg);
        }
        None => *response.status_mut() = StatusCode::NOT_MODIFIED,
    }
    Ok(response)
}

/// Names the bytes, and makes the thumbnail unless that name is the one that was given.
fn shrink(
    bytes: &Bytes,
    given: Option<&HeaderValue>,
) -> Result<(HeaderValue, Option<Vec<u8>>), Refusal> {
    let tag = tag(bytes);
    if given.is_some_and(|given| names(given, &tag)) {
        return Ok((tag, None));
    }
    let picture = decode(bytes, DecodeLimits::default())
        .map_err(|error| Refusal::of("UnsupportedPicFormat").because(error.to_string()))?;
    Ok((tag, Some(jpeg(&picture)?)))
}

/// Creates the name of a thumbnail from the bytes that it is made of.
fn tag(bytes: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    let mut tag = String::with_capacity(2 + 2 * TAG_BYTES);
    tag.push('"');
    for byte in digest.iter().take(TAG_BYTES) {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// Returns whether a list of names, which a proxy may have marked as weak, has this one.
fn names(given: &HeaderValue, tag: &HeaderValue) -> bool {
    let given = given.to_str().unwrap_or_default().split(',').map(str::trim);
    let mut given = given.map(|it| it.strip_prefix("W/").unwrap_or(it));
    given.any(|it| it == "*" || it.as_bytes() == tag.as_bytes())
}

fn jpeg(picture: &Picture) -> Result<Vec<u8>, Refusal> {
    let cannot = |reason: String| Refusal::of("InternalError").because(reason);
    let (width, height) = (picture.width() as u32, picture.height() as u32);
    let pixels = picture.pixels().to_vec();
    let whole = RgbImage::from_raw(width, height, pixels)
        .ok_or_else(|| cannot("the picture has other sides than pixels".to_owned()))?;
    let (to_width, to_height) = within(width, height);
    let small = imageops::thumbnail(&whole, to_width, to_height);
    let mut jpeg = Vec::new();
    small
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))
        .map_err(|error| cannot(error.to_string()))?;
    Ok(jpeg)
}

/// Scales two sides down so that the longer is at most `SIDE`; small pictures stay as they are.
fn within(width: u32, height: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= SIDE {
        return (width, height);
    }
    let scaled = |side: u32| ((side * SIDE + long / 2) / long).max(1);
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use image::ImageEncoder as _;

    use super::*;

    #[test]
    fn thumbnails_keep_the_shape_and_never_grow() {
        for (sides, expected) in [
            ((512, 256), (256, 128)),
            ((300, 4096), (19, 256)),
            ((16_384, 10), (256, 1)),
            ((256, 256), (256, 256)),
            ((1, 7), (1, 7)),
        ] {
            assert_eq!(within(sides.0, sides.1), expected, "{sides:?}");
        }
    }

    /// Creates a JPEG of a bright upper half and a dark lower one, which is to be shown turned.
    fn lying() -> Vec<u8> {
        let pixels =
            RgbImage::from_fn(300, 300, |_, y| image::Rgb([if y < 150 { 255 } else { 0 }; 3]));
        let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        // The first row is the right side.
        exif.extend([6, 0, 0, 0, 0, 0, 0]);
        let mut jpeg = Vec::new();
        let mut encoder = JpegEncoder::new(&mut jpeg);
        encoder.set_exif_metadata(exif).unwrap();
        encoder.encode_image(&pixels).unwrap();
        jpeg
    }

    #[test]
    fn thumbnails_are_upright() {
        let (_, jpeg) = shrink(&Bytes::from(lying()), None).unwrap();
        let shown = image::load_from_memory(&jpeg.unwrap()).unwrap().into_rgb8();
        assert_eq!(shown.dimensions(), (SIDE, SIDE));
        assert!(shown.get_pixel(20, 128).0[0] < 30 && shown.get_pixel(235, 128).0[0] > 225);
    }

    #[test]
    fn names_are_found_in_what_browsers_send() {
        let tag = tag(b"picture");
        let own = tag.to_str().unwrap();
        for (given, expected) in [
            (own.to_owned(), true),
            (format!("\"other\", W/{own}"), true),
            ("*".to_owned(), true),
            ("\"other\"".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(names(&HeaderValue::try_from(&given).unwrap(), &tag), expected, "{given}");
        }
    }
}
