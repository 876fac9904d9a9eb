//! Fault rules take any text; what is read can be written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| imagesearch_emulator::fuzz::fault_rules(text));
