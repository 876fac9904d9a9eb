//! Answers, errors in JSON and errors in XML take any bytes, on every hop of a call.

#![no_main]

#[path = "../properties/answer.rs"]
mod answer;

use imagesearch_core::errors::Hop;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u16, &[u8])| {
    let (hop, status, body) = input;
    let hop = [Hop::Authorize, Hop::Upload, Hop::Invoke][usize::from(hop % 3)];
    let content_type = if body.starts_with(b"<") { "text/xml" } else { "application/json" };
    answer::judge(hop, 200 + status % 400, content_type, body);
});
