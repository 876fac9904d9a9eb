//! The filter parser takes any text; what it reads prints as something that reads the same.

#![no_main]

use imagesearch_core::{Filter, filter::AttributeSet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match Filter::parse(text) {
    Ok(filter) => {
        let _ = filter.matches(&AttributeSet::new());
        assert_eq!(Filter::parse(&filter.to_string()), Ok(filter));
    }
    Err(error) => assert!(!error.to_string().is_empty()),
});
