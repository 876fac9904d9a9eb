//! The blocking client of the unofficial Rust SDK for Alibaba Cloud Image Search, on ureq.
//!
//! No runtime hides underneath: a call runs on the thread that makes it. It cannot be cancelled from
//! outside; its deadline ends it.
//!
//! ```no_run
//! use imagesearch_blocking::{Client, SearchImageByPicRequest, image_from_path};
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
//! Everything of [`imagesearch_core`] is exported from here too.
//!
//! # Logs
//!
//! ureq writes to the `log` crate. Below `trace` there is no secret in what it writes; at `trace` it writes
//! the bytes that it sends and receives, tokens and pictures included. To see everything else, filter with
//! `trace,ureq=debug,ureq_proto=debug`.
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
mod driver;
mod early_answer;
mod generated;
mod instance;
mod pages;
mod picture;
mod tls;
mod transport;

pub use call::{Call, RawCallBuilder};
pub use client::Client;
pub use generated::{V2018, V2019};
pub use imagesearch_core::*;
pub use instance::Instance;
pub use pages::PageIterator;
pub use picture::image_from_path;
