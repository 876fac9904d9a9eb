//! Answers: what each operation returns, in a [`Response`] with its [`Meta`].
//!
//! Fields are public, and optional if the service may omit them. Decoding is tolerant: a value of
//! the wrong type is skipped, an unknown value of an enumeration becomes `Other`, and
//! [`Meta::body`] has the raw response.
//!
//! ```
//! # use imagesearch_core::answers::SearchImageByNameResponse;
//! let json = r#"{"Auctions": [{"ProductId": "1000", "PicName": "front.jpg", "Score": 0.93}]}"#;
//! let answer: SearchImageByNameResponse = serde_json::from_str(json)?;
//! for hit in &answer.auctions {
//!     assert_eq!(hit.product_id.as_deref(), Some("1000"));
//! }
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! The answers of the older versions of the API are in [`v2018`](crate::v2018) and
//! [`v2019`](crate::v2019).

pub use crate::{
    exchange::{Meta, RawResponse, Response},
    generated::answers::*,
};
