//! Version 2018-01-20 of the API, for older instances.
//!
//! Pictures are sent as Base64 in the request.

pub use crate::generated::v2018::*;
