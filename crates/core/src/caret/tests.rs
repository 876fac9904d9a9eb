//! Writes and reads the bodies of the official SDKs, of the vendor's pages, and bad ones.

mod properties;
mod published;
mod refusals;
mod vectors;

use bytes::Bytes;

use super::*;
use crate::body::Body;

fn written(body: &Body) -> String {
    String::from_utf8(body.to_bytes().to_vec()).expect("is UTF-8")
}

fn read(text: &str) -> Result<CaretParts, CaretError> {
    decode(&Bytes::from(text.to_owned()))
}
