//! The vocabulary of effects: what a call needs from outside, as values.
//!
//! Core performs no I/O. A call is an async block that asks for effects through [`Io`]; whoever polls
//! it is handed an [`Effect`], carries it out and hands the outcome in. Credentials and the exchange
//! share this vocabulary and the executor behind it, [`Task`].

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
pub(crate) use join::try_join;
pub(crate) use mailbox::Outgoing;
pub(crate) use task::Task;

pub use effect::{Answer, Effect, Id, Transmit};
pub use failure::{Failure, FailurePhase};
pub use source::{LoadError, Source};
pub use time::{Entropy, Now};
