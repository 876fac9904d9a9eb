//! The emulator over its wire: what a client sees.

mod admin;
mod admin_access;
mod buckets;
mod categories;
mod clients_of_older_versions;
mod error_codes;
mod faults;
mod fetches;
mod https;
mod limits;
mod operations;
mod pictures;
mod refusals;
mod roa;
mod roa_signatures;
mod server_limits;
mod signatures;
mod subjects;
mod tasks;
mod text_search;
mod uploads;
mod v2018;
mod v2018_bodies;
mod v2019;
mod wire;
