//! Lines of `increment.meta` may be anything.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &[u8]| imagesearch_emulator::fuzz::increment_line(line));
