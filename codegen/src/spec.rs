//! The specification as it is written: one type for each kind of file.
//!
//! `api-spec/README.md` is the reference for what the keys mean. The types only fix the shape; what
//! spans keys or files is for [`check`](crate::check).

mod at;
mod emulator;
mod example_value;
mod image_limits;
mod operation;
mod parameter;
mod scalar;
mod tables;
mod types;

pub use at::At;
pub(crate) use at::span_of;
pub use emulator::*;
pub use example_value::ExampleValue;
pub use image_limits::*;
pub use operation::*;
pub use parameter::*;
pub use scalar::{Entries, Scalar};
pub use tables::*;
pub use types::*;

use crate::source::FileId;

/// Everything that `api-spec/` says; what could not be read is absent.
#[derive(Debug)]
pub struct Spec {
    /// Where facts come from.
    pub sources: Option<Document<Sources>>,
    /// The regions of the service.
    pub regions: Option<Document<Regions>>,
    /// The categories of the product service.
    pub categories: Option<Document<Categories>>,
    /// What a picture may be.
    pub image_limits: Option<Document<ImageLimits>>,
    /// The error codes of the gateway.
    pub gateway_errors: Option<Document<Errors>>,
    /// How much of this the emulator keeps.
    pub emulator: Option<Document<Emulator>>,
    /// What passed between official SDKs and the emulator.
    pub seen: Option<Document<Seen>>,
    /// The generations of the API, the oldest first.
    pub versions: Vec<Version>,
}

/// One generation of the API.
#[derive(Debug)]
pub struct Version {
    /// The name of the folder, such as `2020-12-14`.
    pub name: String,
    /// Product, style and hosts.
    pub service: Option<Document<Service>>,
    /// The error codes of the service.
    pub errors: Option<Document<Errors>>,
    /// The fields of the filter language, where there is one.
    pub filter: Option<Document<Filter>>,
    /// Objects and enumerations of the answers.
    pub types: Option<Document<Types>>,
    /// The operations, by the name of their file.
    pub operations: Vec<Document<Operation>>,
}

/// The content of one file.
#[derive(Debug)]
pub struct Document<T> {
    /// The file that it was read from.
    pub file: FileId,
    /// What the file says.
    pub content: T,
}
