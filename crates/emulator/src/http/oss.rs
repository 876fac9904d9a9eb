//! The part of OSS that uploads need: authorized form posts into temporary objects, and signed
//! addresses.

pub(crate) mod authorize;
pub(crate) mod policy;
pub(crate) mod post_object;
pub(crate) mod refusal;
pub(crate) mod signed_url;
pub(crate) mod signer;
pub(crate) mod task_results;
