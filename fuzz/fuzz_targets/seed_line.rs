//! Lines of `seed.jsonl` may be anything.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| imagesearch_emulator::fuzz::seed_line(line));
