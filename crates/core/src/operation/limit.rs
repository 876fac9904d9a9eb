/// One thing that the documentation says of a parameter's values.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Limit {
    /// What is checked.
    pub check: Check,
    /// What breaking it leads to on our side.
    pub enforce: Enforce,
    /// The code that the service answers to a value that breaks it, where one is documented.
    pub code: Option<&'static str>,
}

impl Limit {
    pub(crate) const fn reject(check: Check, code: Option<&'static str>) -> Self {
        Self { check, enforce: Enforce::Reject, code }
    }

    pub(crate) const fn document(check: Check, code: Option<&'static str>) -> Self {
        Self { check, enforce: Enforce::Document, code }
    }
}

/// What breaking a limit leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Enforce {
    /// The request is refused before anything is sent.
    Reject,
    /// The limit is advisory: it is documented, and the service decides.
    Document,
}

/// What a limit checks.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// The smallest number.
    Min(i64),
    /// The largest number.
    Max(i64),
    /// The fewest Unicode characters.
    MinLength(u32),
    /// The most Unicode characters.
    MaxLength(u32),
    /// The fewest entries of a list.
    MinItems(u32),
    /// A pattern that the whole value matches.
    Pattern {
        /// The regular expression, anchored at both ends.
        regex: &'static str,
        /// The same in words, such as `starts with / and does not end with /`.
        text: &'static str,
    },
    /// The known numbers.
    OneOfIntegers(&'static [i64]),
    /// The known strings.
    OneOfStrings(&'static [&'static str]),
    /// Characters that must not occur.
    ForbiddenCharacters(&'static str),
}
