//! The core of the unofficial Rust SDK for Alibaba Cloud Image Search.
//!
//! Everything that decides lives here: requests and answers, the filter language, validation,
//! picture inspection, signatures, credentials, and the [`Exchange`], the state machine behind every
//! call. Nothing here performs I/O, reads a clock or draws randomness, so the crate runs anywhere,
//! `wasm32-unknown-unknown` included. To call the service, take `imagesearch-blocking` or
//! `imagesearch-async`, or drive an [`Exchange`] with an HTTP client of your own.
//!
//! ```
//! use imagesearch_core::{SearchImageByNameRequest, filter::{int_attr, str_attr}};
//!
//! let request = SearchImageByNameRequest::new("2092061_1", "2092061_1.jpg")
//!     .num(20)
//!     .filter(int_attr().ge(100) & str_attr().eq("red"));
//! # let _ = request;
//! ```
//!
//! # Features
//!
//! - `tracing`: a span for each call and an event for each attempt.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod api_request;
mod body;
pub mod caret;
mod config;
pub mod credentials;
pub mod encode;
mod endpoint;
mod error;
mod error_table;
pub mod exchange;
pub mod filter;
mod generated;
mod hidden;
pub mod image;
mod open_enum;
pub mod operation;
mod pacing;
pub mod paging;
pub mod parameters;
mod percent;
mod region_table;
mod request;
pub mod retry;
mod secret;
pub mod sign;
mod suggest;
mod tolerant;
mod trace;
mod upload;
pub mod validate;
mod values;

pub use body::{Body, Chunks, Segment};
pub use config::{CallOptions, ClientBuilder, Config, ExtraHeaders, FromConfig, Transfer};
pub use credentials::Credentials;
pub use endpoint::Endpoint;
pub use error::{Error, ErrorKind, Hop, TimeoutPhase};
pub use error_table::{ErrorDescription, RetryClass};
pub use exchange::{Exchange, Meta, Response};
pub use filter::Filter;
pub use generated::*;
pub use image::Image;
pub use operation::Operation;
pub use pacing::Pacing;
pub use parameters::{Parameters, Picture, Value};
pub use region_table::RegionDescription;
pub use request::{PagedRequest, RawCall, Request};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use sign::SignatureMethod;
pub use validate::Violation;
pub use values::{
    BoundingBox, CategoryId, InvalidValue, Region, ScoreThreshold, SortExprValues, TaskId,
    Timestamp,
};

/// The version of the API whose operations are at the root of this crate.
pub const API_VERSION: &str = "2020-12-14";
