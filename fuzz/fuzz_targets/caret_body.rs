//! The decoder of the `^` body takes any bytes; what it reads, the encoder writes back.

#![no_main]

use bytes::Bytes;
use imagesearch_core::{
    operation::Operation,
    caret::{CaretBody, CaretText, decode},
    wire::decode_caret,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let body = Bytes::copy_from_slice(data);
    for name in ["AddItem", "SearchItem", "DeleteItem"] {
        let operation = Operation::find("2018-01-20", name).expect("is in the table");
        let _ = decode_caret(operation, &body);
    }
    let Ok(parts) = decode(&body) else { return };
    let _ = (parts.item_id(), parts.pictures(), parts.search_picture());
    let mut again = CaretBody::new().with_text(CaretText::Utf8);
    for entry in parts.entries() {
        let Ok(Some(text)) = parts.text(&entry.name) else { return };
        again = again.field(&*entry.name, text);
    }
    let again = again.build().expect("what was read can be written");
    assert_eq!(decode(&again.to_bytes()).expect("what was written can be read"), parts);
});
