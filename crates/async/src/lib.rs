//! The async client of the unofficial Rust SDK for Alibaba Cloud Image Search, on reqwest and tokio.
//!
//! ```no_run
//! use imagesearch_async::{Client, SearchImageByPicRequest, image_from_path};
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
//! Dropping the future of a call at any point gives up its requests and returns what it shares with
//! other calls; a credentials refresh that it was doing for them goes to the next one. A request
//! that has left the machine may still be carried out.
//!
//! Everything of [`imagesearch_core`] is exported from here too.
//!
//! # Features
//!
//! - `tracing`: a span for each call and an event for each attempt.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod call;
mod client;
mod connector;
mod driver;
mod generated;
mod instance;
mod pages;
mod picture;
mod progress;
mod tls;
mod transport;

pub use call::{Call, RawCallBuilder};
pub use client::Client;
pub use driver::CallFuture;
pub use generated::{V2018, V2019};
pub use imagesearch_core::*;
pub use instance::Instance;
pub use pages::PageStream;
pub use picture::image_from_path;
