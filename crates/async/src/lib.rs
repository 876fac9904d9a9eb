//! The async client of the unofficial Rust SDK for Alibaba Cloud Image Search, on reqwest and tokio.
//!
//! ```no_run
//! use imagesearch_async::{Client, image_from_path, requests::SearchImageByPicRequest};
//!
//! # async fn search() -> Result<(), imagesearch_async::Error> {
//! let client = Client::builder().with_region("cn-shanghai").build()?;
//! let shop = client.instance("shop");
//! let photo = image_from_path("shoe.jpg").await?;
//! let found = shop.search_image_by_pic(SearchImageByPicRequest::new(photo).num(5)).await?;
//! for hit in &found.auctions {
//!     println!("{:?} {:?}", hit.product_id, hit.score);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Cancellation
//!
//! Dropping the future of a call aborts its requests. A credentials refresh that other calls wait
//! for passes to one of them. A request that has left the machine may still be carried out.
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
mod connector;
mod driver;
mod from_fn;
mod generated;
mod handle;
mod instance;
mod items;
mod pages;
mod picture;
mod progress;
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
        call::{Call, CallFuture},
        handle::Client,
        instance::Instance,
        items::ItemStream,
        pages::PageStream,
        picture::image_from_path,
    };
    #[doc(inline)]
    pub use imagesearch_core::client::{
        AttemptRecord, ClientBuilder, Config, Endpoint, FromConfig, REGIONS, Region,
        RegionDescription, SignatureMethod, Transfer,
    };

    // The crates whose types are in signatures.
    pub use {bytes, http, reqwest};
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
