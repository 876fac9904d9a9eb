//! Version 2019-03-25 of the API, for instances and data that the newest version does not reach.
//!
//! Pictures travel as Base64 within the request.

pub use crate::generated::v2019::*;
