//! Version 2018-01-20 of the API, for older instances.
//!
//! Pictures travel as Base64 within the request.

pub use crate::generated::v2018::*;
