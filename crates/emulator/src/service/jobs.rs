//! The work of exports and batch tasks.

pub(crate) mod batch;
pub(crate) mod export;
pub(crate) mod increment_line;
pub(crate) mod names;
