//! The gateway: finds out who calls which operation, and answers in the shapes of the service.

pub(crate) mod answer;
pub(crate) mod auth;
pub(crate) mod faults;
pub(crate) mod form;
pub(crate) mod hop;
pub(crate) mod identify;
pub(crate) mod journal;
pub(crate) mod metrics;
pub(crate) mod pipeline;
pub(crate) mod present;

/// Written by `cargo xtask codegen`.
pub(crate) mod generated {
    pub(crate) mod dispatch;
}
