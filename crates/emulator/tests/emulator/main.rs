//! The emulator over its wire: what a client sees.

mod limits;
mod operations;
mod pictures;
mod refusals;
mod signatures;
mod uploads;
mod wire;
