//! The loader of the specification takes any text: there is code, or a list of mistakes.

#![no_main]

use imagesearch_codegen::{generate, source::SourceFiles};
use libfuzzer_sys::fuzz_target;

/// The files whose names mean something to the loader.
const PATHS: [&str; 4] = [
    "sources.yaml",
    "2020-12-14/types.yaml",
    "2020-12-14/operations/detail.yaml",
    "2020-12-14/errors.yaml",
];

fuzz_target!(|texts: [&str; 4]| {
    let files = SourceFiles::from_iter(PATHS.into_iter().zip(texts));
    if let Err(mistakes) = generate(&files) {
        assert!(!files.report(&mistakes).is_empty());
    }
});
