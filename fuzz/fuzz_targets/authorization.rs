//! Who calls is found out from any header and any query, and is nobody who has not the secret.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &[u8], &[u8])| {
    let (header, query, body) = input;
    imagesearch_emulator::fuzz::authorization(header, query, body);
});
