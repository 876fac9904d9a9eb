//! The command line of the unofficial Rust SDK for Alibaba Cloud Image Search.
//!
//! `imagesearch request` prints a signed request, `call` sends one, `emulator` runs a local
//! stand-in for the service, and `demo` demonstrates all of it. `--help` of each command lists the
//! exit codes.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod arguments;
mod call;
mod demo;
mod emulator;
mod exit;
mod json;
mod output;
mod request;

use std::process::ExitCode;

use crate::{arguments::Command, exit::Failure};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run() -> Result<(), Failure> {
    match arguments::parse()? {
        Command::Request(arguments) => request::run(&arguments),
        Command::Call(operation, matches) => call::run(operation, &matches),
        Command::Emulator(arguments) => emulator::run(*arguments),
        Command::Demo(arguments) => demo::run(&arguments),
    }
}
