//! Queries and forms take any bytes; what is read can be written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| imagesearch_emulator::fuzz::form(text));
