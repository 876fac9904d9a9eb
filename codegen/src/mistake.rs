use std::ops::Range;

use crate::{
    source::FileId,
    spec::{At, span_of},
    suggest::closest,
};

/// Something in the specification that is wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file and the bytes of it that are at fault; absent if the file itself is.
    pub place: Option<(FileId, Range<usize>)>,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands next to the caret.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Mistake {
    /// Reports a value.
    pub fn at<T>(file: FileId, value: &At<T>, message: impl Into<String>) -> Self {
        Self::new(file, value.span(), message)
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the name that was probably meant, where one is near.
    #[must_use]
    pub fn suggest<'a>(mut self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.label = closest(name, known).map(|near| format!("did you mean `{near}`?"));
        self
    }

    pub(crate) fn new(file: FileId, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { place: Some((file, span)), message: message.into(), label: None, help: None }
    }

    pub(crate) fn missing_file(path: &str) -> Self {
        let message = format!("file `api-spec/{path}` is missing");
        Self { place: None, message, label: None, help: None }
    }

    /// Translates a complaint of the YAML reader.
    pub(crate) fn yaml(file: FileId, error: &serde_saphyr::Error) -> Self {
        use serde_saphyr::Error;

        let span = error.location().map_or(0..0, |location| span_of(&location));
        let list = |known: &[&str]| {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("known here: {}", known.join(", "))
        };
        match error.without_snippet() {
            Error::SerdeUnknownField { field, expected, .. } => {
                Self::new(file, span, format!("unknown key `{field}`"))
                    .suggest(field, expected.iter().copied())
                    .help(list(expected))
            }
            Error::SerdeUnknownVariant { variant, expected, .. } => {
                Self::new(file, span, format!("unknown value `{variant}`"))
                    .suggest(variant, expected.iter().copied())
                    .help(list(expected))
            }
            Error::SerdeMissingField { field, .. } => {
                Self::new(file, span, format!("key `{field}` is missing"))
            }
            other => {
                let text = other.to_string();
                let line = text.lines().next().unwrap_or_default();
                Self::new(file, span, line)
            }
        }
    }
}
