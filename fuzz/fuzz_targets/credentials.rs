//! Files of credentials, what programs print and what services answer take any bytes.

#![no_main]

#[path = "../properties/credentials.rs"]
mod credentials;

use libfuzzer_sys::fuzz_target;

use crate::credentials::{Asked, Document};

fuzz_target!(|input: (u8, u16, &[u8])| {
    let (document, status, bytes) = input;
    let document = match document % 6 {
        0 => Document::CliProfile,
        1 => Document::SharedFile,
        2 => Document::Printed,
        3 => Document::Answer(Asked::Metadata),
        4 => Document::Answer(Asked::Sts),
        _ => Document::Answer(Asked::Uri),
    };
    let _key = credentials::judge(document, 200 + status % 400, bytes);
});
