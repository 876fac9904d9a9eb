//! The form of an upload takes any bytes between its boundaries.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| imagesearch_emulator::fuzz::multipart(body));
