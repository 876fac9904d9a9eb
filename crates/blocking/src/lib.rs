//! The blocking client of the unofficial Rust SDK for Alibaba Cloud Image Search, on ureq.
//!
//! No runtime hides underneath: a call runs on the thread that makes it, until its timeout at the latest.
//! [`Client::close`] ends the calls of all threads.
//!
//! ```no_run
//! use imagesearch_blocking::{Client, image_from_path, requests::SearchImageByPicRequest};
//!
//! let client = Client::builder().with_region("cn-shanghai").build()?;
//! let shop = client.instance("shop");
//! let photo = image_from_path("shoe.jpg")?;
//! let found = shop.search_image_by_pic(SearchImageByPicRequest::new(photo).num(5)).send()?;
//! for hit in &found.auctions {
//!     println!("{:?} {:?}", hit.product_id, hit.score);
//! }
//! # Ok::<(), imagesearch_blocking::Error>(())
//! ```
//!
//! # Logs
//!
//! ureq logs with the `log` crate. At level `trace` it logs the bytes that it sends and receives,
//! including tokens and pictures; at lower levels it logs no secrets. To see everything else,
//! filter with `trace,ureq=debug,ureq_proto=debug`.
//!
//! # Features
//!
//! - `testing`: a mock of the service for tests, in the module `testing`.
//! - `tracing`: a span for each call and an event for each attempt.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod call;
mod closing;
mod driver;
mod early_answer;
mod from_fn;
mod generated;
mod handle;
mod instance;
mod items;
mod pages;
mod picture;
mod tcp;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;
mod transport;

pub use call::Call;
pub use handle::Client;
#[doc(inline)]
pub use imagesearch_core::{
    ClientBuilder, Credentials, Error, ErrorKind, Filter, Image, Pacing, Region, Response,
    RetryPolicy,
};
#[doc(inline)]
pub use imagesearch_core::{answers, errors, filter, image, pacing, requests, retry, values};
pub use instance::Instance;
pub use picture::image_from_path;

/// The client, its parts and its settings.
///
/// A [`Client`] is built once and cloned. An [`Instance`] of it has a
/// method for each operation, which returns a [`Call`] with the options of that call.
/// [`Call::pages`] and [`Call::items`] go through all pages of
/// an answer.
pub mod client {
    pub use crate::{
        call::Call, handle::Client, instance::Instance, items::ItemIterator, pages::PageIterator,
        picture::image_from_path,
    };
    #[doc(inline)]
    pub use imagesearch_core::client::{
        AttemptRecord, ClientBuilder, Config, Endpoint, FromConfig, REGIONS, Region,
        RegionDescription, SignatureMethod, Transfer,
    };

    // The crates whose types are in signatures.
    pub use {bytes, http, ureq};
}

/// Credentials, and where they come from.
///
/// [`Credentials`] are a source that has one key. The others keep temporary keys
/// fresh: each is a [`CredentialsProvider`](credentials::CredentialsProvider), the default is the
/// [`CredentialsChain`](credentials::CredentialsChain), and [`from_fn`](credentials::from_fn) makes one
/// of your own function. A client takes a source for all calls, and
/// [`Call::with_credentials`] another one for a single call.
pub mod credentials {
    pub use crate::from_fn::{FromFn, from_fn};
    #[doc(inline)]
    pub use imagesearch_core::credentials::*;
}

/// Version 2018-01-20 of the API, for older instances.
///
/// [`Instance::v2018`] has its operations.
pub mod v2018 {
    pub use crate::generated::V2018;
    #[doc(inline)]
    pub use imagesearch_core::v2018::*;
}

/// Version 2019-03-25 of the API, for older instances.
///
/// [`Instance::v2019`] has its operations.
pub mod v2019 {
    pub use crate::generated::V2019;
    #[doc(inline)]
    pub use imagesearch_core::v2019::*;
}
