//! The inspection of pictures takes any bytes.

#![no_main]

use imagesearch_core::image::{Image, ImageLimits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let image = Image::from_bytes(data.to_vec());
    let _ = (image.info(), format!("{image:?}"));
    for problem in image.check(&ImageLimits::DEFAULT) {
        assert!(!problem.to_string().is_empty());
    }
});
