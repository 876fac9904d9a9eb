//! System access for the clients of the unofficial Rust SDK for Alibaba Cloud Image Search: time,
//! randomness, environment variables, credentials files and programs, host names, and trusted
//! certificates.
//!
//! [`imagesearch_core`] performs no I/O, and both clients share this crate. You can use it too if
//! you drive an [`Exchange`](imagesearch_core::exchange::Exchange) with another HTTP client.

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
