//! The settings of a client, the same in both clients.
//!
//! [`ClientBuilder`] has a method for each setting; only a region or an endpoint is required.

pub use crate::{
    config::{CallOptions, ClientBuilder, Config, ExtraHeaders, FromConfig, Transfer},
    endpoint::Endpoint,
    generated::regions::REGIONS,
    observer::AttemptRecord,
    region_table::RegionDescription,
    sign::SignatureMethod,
    values::Region,
};
