//! What the tests across crates share: recorded vectors, a second verifier, scripted transports.

pub mod answers;
pub mod any_request;
pub mod arrived;
pub mod credentials_case;
pub mod exit;
pub mod fake;
pub mod flow;
pub mod heap_watch;
pub mod leaks;
pub mod legacy;
pub mod log_lines;
pub mod metrics;
pub mod multipart;
pub mod pictures;
pub mod scenario;
pub mod scripted_server;
pub mod server_process;
pub mod simulation;
#[cfg(feature = "tracing")]
pub mod trace_log;
pub mod upload_sink;
pub mod vectors;
pub mod verifier;
pub mod wire;

/// The code of the README, compiled as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The examples of the blocking client's page about tests; the client cannot depend on the emulator.
#[cfg(doctest)]
#[doc = include_str!("../../crates/blocking/src/testing.md")]
pub struct TestingBlocking;

/// The examples of the async client's page about tests.
#[cfg(doctest)]
#[doc = include_str!("../../crates/async/src/testing.md")]
pub struct TestingAsync;
