//! The engine of the mocks of both clients: the service as rules, in virtual time.
//!
//! A mock replaces the transport alone. Calls run through the same [`Exchange`](crate::exchange::Exchange) as
//! always, so validation, signatures, retries, pacing and decoding are those of the real client. Each
//! client has a `Mock`, which creates clients that a [`MockService`] answers.

mod call_lock;
mod drive;
mod lock;
mod received_call;
mod reply;
mod rule;
mod service;
mod unsatisfied;
mod virtual_clock;

pub use drive::mock_config;
pub use received_call::ReceivedCall;
pub use rule::Rule;
pub use service::MockService;
pub use unsatisfied::Unsatisfied;
