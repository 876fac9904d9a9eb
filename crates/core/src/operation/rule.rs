use super::Enforce;

/// A rule that spans several parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// The sum of some numbers has an upper bound, as in `Start + Num <= 500`.
    SumAtMost {
        /// The parameters, each with the value it has when the request does not say.
        parameters: &'static [(&'static str, i64)],
        /// The upper bound.
        limit: i64,
        /// What breaking it leads to on our side.
        enforce: Enforce,
        /// The code that the service answers.
        code: Option<&'static str>,
    },
    /// A parameter is required under a condition.
    RequiredIf {
        /// The parameter that must be there.
        parameter: &'static str,
        /// When it must.
        condition: Condition,
        /// What breaking it leads to on our side.
        enforce: Enforce,
        /// The code that the service answers.
        code: Option<&'static str>,
    },
}

/// A condition on a flag of the request.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Condition {
    /// The parameter that decides.
    pub parameter: &'static str,
    /// The value that it has, or does not have.
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
