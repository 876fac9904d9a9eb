//! Runs the program as a user does.

mod call;
mod demo;
mod emulator;
mod kill_loop;
mod legacy;
mod program;
mod request;
mod secrets;
