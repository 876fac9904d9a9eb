//! What operations of all versions have in common, one concept a file.

pub(crate) mod add;
pub(crate) mod add_picture;
pub(crate) mod search;
pub(crate) mod task_page;
pub(crate) mod text;
