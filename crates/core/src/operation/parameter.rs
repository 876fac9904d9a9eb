use super::Limit;

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// The wire name, such as `ScoreThreshold`.
    pub name: &'static str,
    /// Its location in the request.
    pub location: Location,
    /// The kind of its value.
    pub kind: Kind,
    /// Whether it is required.
    pub required: Required,
    /// The documented limits of its values.
    pub limits: &'static [Limit],
    /// The error code for a missing value.
    pub missing_code: Option<&'static str>,
    /// The error code for a value of the wrong type.
    pub invalid_code: Option<&'static str>,
    /// The default of the service.
    pub default: Option<&'static str>,
    /// Whether the client sends the default.
    pub always_sent: bool,
    /// When it was added, in the words of the specification.
    pub since: Option<&'static str>,
    /// Whether its value is kept out of logs and errors.
    pub sensitive: bool,
    /// Whether the instance handle supplies it instead of the request.
    pub scope: bool,
    /// Its meaning in one line.
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

/// The location of a parameter in the request.
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

/// The kind of a parameter's value.
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
    /// A picture as Base64 in the body, without an upload.
    InlineImage,
    /// Named pictures, each an entry of the `^` body, and the list of names.
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

/// Whether a parameter is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Required {
    /// It must.
    Always,
    /// It depends on other parameters, by the rules of the operation.
    Sometimes {
        /// The condition in words.
        when: &'static str,
    },
    /// It need not.
    No,
}
