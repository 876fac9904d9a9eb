//! The descriptions of the operations: [`OPERATIONS`] lists them, and each has a name of its own.
//!
//! They contain the location and limits of each parameter, for command lines, servers and
//! documentation.
//!
//! ```
//! # use imagesearch_core::operations::{OPERATIONS, SEARCH_IMAGE_BY_PIC};
//! assert!(OPERATIONS.iter().any(|operation| operation.name == SEARCH_IMAGE_BY_PIC.name));
//! let names: Vec<_> = SEARCH_IMAGE_BY_PIC.parameters.iter().map(|it| it.name).collect();
//! assert!(names.contains(&"PicContent"));
//! ```

pub use crate::generated::descriptions::*;
