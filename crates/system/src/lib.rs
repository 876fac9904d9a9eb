//! What the clients of the unofficial Rust SDK for Alibaba Cloud Image Search take from the machine that
//! they run on: the time, randomness, the environment, files and programs that credentials come from, and
//! the certificates that are trusted.
//!
//! [`imagesearch_core`] has none of it, and both clients have the same. Whoever drives an
//! [`Exchange`](imagesearch_core::exchange::Exchange) with another HTTP client can take it from here too.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod clock;
mod limit;
mod load;
mod names;
mod process;
mod root_store;

pub use clock::{Clock, SystemEntropy};
pub use load::load;
pub use names::Names;
pub use root_store::root_store;
