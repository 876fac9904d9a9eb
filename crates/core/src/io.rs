//! Effects: what a call needs from outside, as values.
//!
//! Core performs no I/O. A call is an async block that requests effects through [`Io`]. Its driver
//! polls it, receives an [`Effect`], performs it and passes the result in. Credentials and the
//! exchange share these types and their executor, [`Task`].

mod activities;
mod activity;
mod effect;
mod failure;
mod handle;
mod join;
mod mailbox;
mod source;
mod task;
mod time;

pub(crate) use activities::Waiting;
pub(crate) use activity::{Activity, Standing};
pub(crate) use handle::{Exchanged, Io};
pub(crate) use join::{Part, try_join};
pub(crate) use mailbox::Outgoing;
pub(crate) use task::Task;

pub use effect::{Answer, Effect, Id, Transmit};
pub use failure::{Failure, FailurePhase};
pub use source::{LoadError, Source};
pub use time::{Entropy, Now};
