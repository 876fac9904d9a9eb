//! What the API says about an operation, as constant data.
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

/// Describes one operation of one version of the API.
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
    /// One line about what the operation does.
    pub summary: &'static str,
    /// The vendor's page about the operation.
    pub documentation: &'static str,
    /// Every parameter, in the order of the documentation.
    pub parameters: &'static [Parameter],
    /// Rules that span several parameters.
    pub rules: &'static [Rule],
    /// What a filter of this operation may use, where it takes one.
    pub filter: Option<AllowedOperators>,
    /// Whether it changes what is stored.
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
    /// How the operation pages, where it does.
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

    /// Tells whether requests have a form body, be it an empty one.
    pub fn has_form(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.location == Location::Form)
    }

    /// Tells whether requests have a `^` body.
    pub fn has_caret(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.location == Location::Caret)
    }

    /// Lists the parameters that are pictures.
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
    /// An own path for each operation.
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

/// Whether an operation changes what is stored.
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
    /// It reads, or it sets a state that a second call sets again.
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
    /// Calls a second, where one number is documented for every instance.
    pub per_second: Option<u32>,
    /// Calls a second that an instance may have been bought with, smallest first; otherwise empty.
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
    /// Searches and look-ups: the queries per second that were bought.
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
        /// How many rows come when the request does not say.
        default_size: u32,
        /// Where `start + size` must end.
        window: u32,
    },
    /// By the number of the page, counted from 1.
    Number {
        /// The parameter with the number of the page.
        page: &'static str,
        /// The parameter with the number of rows of a page.
        size: &'static str,
        /// How many rows come when the request does not say.
        default_size: u32,
        /// The last page that may be asked for, where there is one.
        last_page: Option<u32>,
    },
}

/// A worked example of an operation, used by documentation and tests alike.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Example {
    /// Wire names and values in the order of the specification; uploaded pictures as URLs.
    pub parameters: &'static [(&'static str, ExampleValue)],
    /// What the parameters become in the query, decoded.
    pub query: &'static [(&'static str, &'static str)],
    /// What the parameters become in the form, decoded.
    pub form: &'static [(&'static str, &'static str)],
    /// The whole body they become, where it is one with a `^`.
    pub caret: Option<&'static str>,
    /// An answer, as JSON.
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
