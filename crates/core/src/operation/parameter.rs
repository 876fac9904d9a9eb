use super::Limit;

/// Describes one parameter of an operation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// The wire name, such as `ScoreThreshold`.
    pub name: &'static str,
    /// Where it travels in the request.
    pub location: Location,
    /// What its value is.
    pub kind: Kind,
    /// Whether a request must have it.
    pub required: Required,
    /// What the documentation says of its values.
    pub limits: &'static [Limit],
    /// The code that the service answers when a required value is missing.
    pub missing_code: Option<&'static str>,
    /// The code that the service answers when the value is of the wrong type.
    pub invalid_code: Option<&'static str>,
    /// What the service takes when the request does not say.
    pub default: Option<&'static str>,
    /// Whether the client sends the default when the request does not say.
    pub always_sent: bool,
    /// Since when it exists, in the words of the specification.
    pub since: Option<&'static str>,
    /// Whether its value stays out of logs and errors.
    pub sensitive: bool,
    /// Whether the instance handle supplies it rather than the request.
    pub scope: bool,
    /// One line about what it means.
    pub summary: &'static str,
}

impl Parameter {
    pub(crate) const fn new(
        name: &'static str,
        location: Location,
        kind: Kind,
        summary: &'static str,
    ) -> Self {
        Self {
            name,
            location,
            kind,
            required: Required::No,
            limits: &[],
            missing_code: None,
            invalid_code: None,
            default: None,
            always_sent: false,
            since: None,
            sensitive: false,
            scope: false,
            summary,
        }
    }
}

/// Where a parameter travels in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// In the query of the URL.
    Query,
    /// In the form body.
    Form,
    /// In the body `meta^values` of 2018-01-20.
    Caret,
}

/// What the value of a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Any string.
    String,
    /// A whole number of 32 bits.
    Integer32,
    /// A whole number of 64 bits.
    Integer64,
    /// `true` or `false`.
    Boolean,
    /// A boolean expression over attributes.
    Filter,
    /// A picture: bytes to upload, or a URL.
    Image,
    /// A picture as Base64 in the body; nothing is uploaded first.
    InlineImage,
    /// Pictures with their names, each an entry of the `^` body, and the list of the names.
    Pictures,
    /// The names of pictures, possibly none.
    PictureNames,
    /// A category id; any 32-bit number is passed on.
    Category,
    /// A box `x1,x2,y1,y2` in pixels.
    BoundingBox,
    /// A decimal from 0.00 to 1.00 with at most two decimals.
    ScoreThreshold,
    /// The number of a task.
    TaskId,
}

/// Whether a request must have a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Required {
    /// It must.
    Always,
    /// It depends on other parameters; the rules of the operation say how.
    Sometimes {
        /// The condition in words.
        when: &'static str,
    },
    /// It need not.
    No,
}
