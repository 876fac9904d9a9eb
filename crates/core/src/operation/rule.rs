use super::Enforce;

/// A rule that spans several parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// The sum of some numbers has an upper bound, as in `Start + Num <= 500`.
    SumAtMost {
        /// The parameters with their default values.
        parameters: &'static [(&'static str, i64)],
        /// The upper bound.
        limit: i64,
        /// Whether the client enforces it.
        enforce: Enforce,
        /// The error code of the service.
        code: Option<&'static str>,
    },
    /// A parameter is required under a condition.
    RequiredIf {
        /// The required parameter.
        parameter: &'static str,
        /// The condition.
        condition: Condition,
        /// Whether the client enforces it.
        enforce: Enforce,
        /// The error code of the service.
        code: Option<&'static str>,
    },
}

/// A condition on a flag of the request.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Condition {
    /// The parameter to compare.
    pub parameter: &'static str,
    /// The value to compare with.
    pub value: &'static str,
    /// Whether the value must be equal; an absent parameter never is.
    pub equal: bool,
}

impl Condition {
    pub(crate) const fn equals(parameter: &'static str, value: &'static str) -> Self {
        Self { parameter, value, equal: true }
    }

    pub(crate) const fn differs(parameter: &'static str, value: &'static str) -> Self {
        Self { parameter, value, equal: false }
    }
}
