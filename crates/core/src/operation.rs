//! The description of an operation, as constant data.
//!
//! The values are generated from `api-spec/` into [`OPERATIONS`](crate::operations::OPERATIONS); the types here
//! are what validation, encoding, the command line and the emulator read. Nothing in them acts:
//! lookups in the list are in `catalogue.rs`.

mod limit;
mod parameter;
mod rule;

pub use limit::{Check, Enforce, Format, Limit};
pub use parameter::{Kind, Location, Parameter, Required};
pub use rule::{Condition, Rule};

use crate::filter::AllowedOperators;

/// An operation of a version of the API.
///
/// ```
/// use imagesearch_core::operation::{Location, Operation};
///
/// let operation = Operation::find("2020-12-14", "SearchImageByPic").expect("is in the table");
/// let threshold = operation.parameter("ScoreThreshold").expect("is in the table");
/// assert_eq!(threshold.location, Location::Query);
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The wire name, such as `AddImage`.
    pub name: &'static str,
    /// The version of the API, such as `2020-12-14`.
    pub version: &'static str,
    /// How the operation is addressed on the wire.
    pub style: Style,
    /// The HTTP method.
    pub method: http::Method,
    /// A summary in one line.
    pub summary: &'static str,
    /// The documentation page.
    pub documentation: &'static str,
    /// Every parameter, in the order of the documentation.
    pub parameters: &'static [Parameter],
    /// Rules that span several parameters.
    pub rules: &'static [Rule],
    /// The operators that filters of this operation support, if it has a filter.
    pub filter: Option<AllowedOperators>,
    /// Whether it changes stored data.
    pub access: Access,
    /// The RAM action that the caller must be allowed, such as `imagesearch:AddImage`.
    pub ram_action: &'static str,
    /// The RAM resource of the action, with `$region`, `$account` and `$instance` to fill in.
    pub ram_resource: &'static str,
    /// Whether sending the request twice has the effect of sending it once.
    pub idempotency: Idempotency,
    /// The rate limit that the operation falls under.
    pub quota: Quota,
    /// The codes that the documentation lists for the operation, those that a caller can mend first.
    pub errors: &'static [&'static str],
    /// The paging of the operation, if it has any.
    pub paging: Option<Paging>,
}

impl Operation {
    /// Finds a parameter by its wire name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Returns the path, percent-encoded.
    pub fn path(&self) -> &'static str {
        self.style.path()
    }

    /// Returns whether requests have a form body, even an empty one.
    pub fn has_form(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.location == Location::Form)
    }

    /// Returns whether requests have a `^` body.
    pub fn has_caret(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.location == Location::Caret)
    }

    /// Returns the parameters that are pictures.
    pub fn images(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.parameters.iter().filter(|parameter| parameter.kind == Kind::Image)
    }
}

/// How an operation is addressed on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// `POST /`, with the operation's name in a header or a query parameter.
    Rpc,
    /// A separate path for each operation.
    Roa {
        /// The path, such as `/v2/image/add`.
        path: &'static str,
    },
}

impl Style {
    /// Returns the path, percent-encoded.
    pub fn path(self) -> &'static str {
        match self {
            Self::Rpc => "/",
            Self::Roa { path } => path,
        }
    }
}

/// Whether an operation changes stored data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// It only reads.
    Read,
    /// It changes pictures, attributes or tasks.
    Write,
}

/// Whether sending a request twice has the effect of sending it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idempotency {
    /// It reads, or sets a state that a second call sets again.
    Idempotent,
    /// A second call may have a second effect, such as another task.
    NotIdempotent,
}

/// The rate limit that an operation falls under, as documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quota {
    /// Operations of one group share a limit.
    pub group: QuotaGroup,
    /// The rate in calls per second, if there is one for all instances.
    pub per_second: Option<u32>,
    /// The rates in calls per second that can be purchased, smallest first; otherwise empty.
    pub by_plan: &'static [u32],
    /// The limit in words.
    pub text: &'static str,
}

impl Quota {
    pub(crate) const fn new(
        group: QuotaGroup,
        per_second: Option<u32>,
        by_plan: &'static [u32],
        text: &'static str,
    ) -> Self {
        Self { group, per_second, by_plan, text }
    }
}

/// Operations that share one rate limit of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum QuotaGroup {
    /// Searches and look-ups: the purchased queries per second.
    Search,
    /// Adding pictures.
    Add,
    /// Changing attributes.
    Update,
    /// Deleting pictures.
    Delete,
    /// Describing the instance.
    Describe,
    /// Starting and listing tasks.
    Task,
}

/// How an operation pages through its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// By the offset of the first row, inside a window.
    Offset {
        /// The parameter with the offset of the first row.
        start: &'static str,
        /// The parameter with the number of rows.
        size: &'static str,
        /// The default number of rows.
        default_size: u32,
        /// The upper bound of `start + size`.
        window: u32,
    },
    /// By the number of the page, counted from 1.
    Number {
        /// The parameter with the number of the page.
        page: &'static str,
        /// The parameter with the number of rows of a page.
        size: &'static str,
        /// The default number of rows.
        default_size: u32,
        /// The highest page number, if there is a limit.
        last_page: Option<u32>,
    },
}

/// An example of an operation, used by documentation and tests.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Example {
    /// Wire names and values in the order of the specification; uploaded pictures as URLs.
    pub parameters: &'static [(&'static str, ExampleValue)],
    /// The resulting query parameters, decoded.
    pub query: &'static [(&'static str, &'static str)],
    /// The resulting form fields, decoded.
    pub form: &'static [(&'static str, &'static str)],
    /// The resulting body, if it is a `^` body.
    pub caret: Option<&'static str>,
    /// A response, as JSON.
    pub response: &'static str,
}

impl Example {
    pub(crate) const fn new(
        parameters: &'static [(&'static str, ExampleValue)],
        query: &'static [(&'static str, &'static str)],
        form: &'static [(&'static str, &'static str)],
        response: &'static str,
    ) -> Self {
        Self { parameters, query, form, caret: None, response }
    }

    pub(crate) const fn with_caret(mut self, body: &'static str) -> Self {
        self.caret = Some(body);
        self
    }
}

/// A value of an [`Example`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ExampleValue {
    /// A string.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A picture in Base64.
    InlineImage(&'static str),
    /// Names and pictures in Base64.
    Pictures(&'static [(&'static str, &'static str)]),
    /// The names of pictures.
    Names(&'static [&'static str]),
}
