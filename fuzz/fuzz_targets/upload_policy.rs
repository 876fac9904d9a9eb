//! The policy of an upload takes any JSON, and any other bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| imagesearch_emulator::fuzz::policy(json));
