//! The core of the unofficial Rust SDK for Alibaba Cloud Image Search.
//!
//! It contains all decisions: requests and answers, the filter language, validation, picture
//! inspection, signatures, credentials, and the [`Exchange`](exchange::Exchange), the state machine of every call. It
//! performs no I/O, reads no clock and draws no randomness, so it runs anywhere, including
//! `wasm32-unknown-unknown`. To call the service, use `imagesearch-blocking` or
//! `imagesearch-async`, or drive an [`Exchange`](exchange::Exchange) with an HTTP client of your own.
//!
//! ```
//! use imagesearch_core::{filter::{int_attr, str_attr}, requests::SearchImageByNameRequest};
//!
//! let request = SearchImageByNameRequest::new("2092061_1", "2092061_1.jpg")
//!     .num(20)
//!     .filter(int_attr().ge(100) & str_attr().eq("red"));
//! # let _ = request;
//! ```
//!
//! The clients export the pages for users: [`client`], [`requests`], [`answers`], [`values`], [`filter`],
//! [`image`], [`errors`], [`retry`], [`pacing`], [`credentials`], `testing`, [`v2018`] and [`v2019`]. The other
//! modules are for drivers and servers.
//!
//! # Features
//!
//! - `testing`: the engine of the clients' mocks.
//! - `tracing`: a span for each call and an event for each attempt.
//! - `server`: reads requests back by the tables that wrote them, for servers such as the emulator.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod answers;
mod attempt;
pub mod body;
pub mod caret;
mod catalogue;
pub mod client;
mod config;
pub mod credentials;
mod endpoint;
mod error;
mod error_lookup;
mod error_table;
pub mod errors;
pub mod exchange;
pub mod filter;
mod generated;
pub mod image;
mod io;
mod observer;
mod open_enum;
pub mod operation;
pub mod operations;
pub mod pacing;
pub mod paging;
pub mod parameters;
mod percent;
mod quote;
mod redacted;
mod region_table;
mod request;
pub mod requests;
pub mod retry;
mod secret;
pub mod sign;
mod suggest;
#[cfg(feature = "testing")]
pub mod testing;
mod tolerant;
mod trace;
mod upload;
mod user_agent;
pub mod v2018;
pub mod v2019;
pub mod validate;
pub mod values;
pub mod wire;

pub use config::ClientBuilder;
pub use credentials::Credentials;
pub use error::{Error, ErrorKind};
pub use exchange::Response;
pub use filter::Filter;
pub use image::Image;
pub use pacing::Pacing;
pub use retry::RetryPolicy;
pub use values::Region;

/// The version of the API whose operations are in [`requests`] and [`answers`].
pub const API_VERSION: &str = "2020-12-14";
