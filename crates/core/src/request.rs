//! The traits of typed requests, and raw calls.

use serde::{Serialize, de::DeserializeOwned};

use crate::{operation::Operation, parameters::Parameters};

/// A request of one operation.
///
/// Implemented by the generated request types. For calls by name, see [`RawRequest`].
pub trait Request {
    /// The type of the response.
    type Response: DeserializeOwned + Serialize;

    /// The operation.
    const OPERATION: &'static Operation;

    /// Returns the parameters.
    fn parameters(&self) -> &Parameters;

    /// Converts the request into its parameters.
    fn into_parameters(self) -> Parameters;

    /// Returns the required parameters that this request may leave out.
    fn waived(&self) -> &'static [&'static str] {
        &[]
    }
}

/// A request with a paged response.
pub trait PagedRequest: Request + Sized {
    /// A row of a page, such as a hit or a task.
    type Item;

    /// Creates a request from parameters, such as those of the next page.
    fn from_parameters(parameters: Parameters) -> Self;

    /// Returns the rows of a page.
    fn items(response: &Self::Response) -> &[Self::Item];

    /// Takes the rows out of a page.
    fn into_items(response: Self::Response) -> Vec<Self::Item>;
}

/// A request of an operation by its wire name, also with unknown parameters.
///
/// For operations and parameters that this version does not know yet. Parameters of a known
/// operation are placed and checked like those of a typed request; others are sent where you put
/// them, unchecked.
///
/// ```
/// # use imagesearch_core::requests::RawRequest;
/// let call = RawRequest::new("SearchImageByVoice").query("Accent", "en").form("Num", 10);
/// assert_eq!(call.name(), "SearchImageByVoice");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RawRequest {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) known: Parameters,
    pub(crate) query: Parameters,
    pub(crate) form: Parameters,
}

impl RawRequest {
    /// Creates a request of an operation of version 2020-12-14.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: crate::API_VERSION.to_owned(),
            known: Parameters::new(),
            query: Parameters::new(),
            form: Parameters::new(),
        }
    }

    /// Sets another version of the API.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// Sets a parameter that the operation's table knows.
    #[must_use]
    pub fn parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<crate::parameters::Value>,
    ) -> Self {
        self.known.set(name.into(), value);
        self
    }

    /// Sets a parameter in the query.
    #[must_use]
    pub fn query(
        mut self,
        name: impl Into<String>,
        value: impl Into<crate::parameters::Value>,
    ) -> Self {
        self.query.set(name.into(), value);
        self
    }

    /// Sets a parameter in the form body.
    #[must_use]
    pub fn form(
        mut self,
        name: impl Into<String>,
        value: impl Into<crate::parameters::Value>,
    ) -> Self {
        self.form.set(name.into(), value);
        self
    }

    /// Returns the operation's wire name.
    pub fn name(&self) -> &str {
        &self.name
    }
}
