//! Version 2019-03-25 of the API, for older instances.
//!
//! Pictures travel as Base64 within the request.

pub use crate::generated::v2019::*;
