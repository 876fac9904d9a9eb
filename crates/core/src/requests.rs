//! Requests: one type for each operation, and [`RawRequest`] for operations by name.
//!
//! `new` takes the required parameters, and each method sets an optional one. Requests are checked
//! when they are sent, and all violations are reported at once.
//!
//! ```
//! # use imagesearch_core::{Image, requests::SearchImageByPicRequest, values::CategoryId};
//! let photo = Image::from_bytes(&b"P6 640 480 255\n"[..]);
//! let request = SearchImageByPicRequest::new(photo).num(5).category_id(CategoryId::SHOES);
//! # let _ = request;
//! ```
//!
//! The requests of the older versions of the API are in [`v2018`](crate::v2018) and
//! [`v2019`](crate::v2019).

pub use crate::{
    exchange::Callable,
    generated::requests::*,
    request::{PagedRequest, RawRequest, Request},
};
