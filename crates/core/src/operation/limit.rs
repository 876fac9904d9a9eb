/// A documented limit of a parameter's values.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Limit {
    /// The check.
    pub check: Check,
    /// Whether the client enforces it.
    pub enforce: Enforce,
    /// The error code that the service returns for a violation, if one is documented.
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

/// Whether the client enforces a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Enforce {
    /// The client refuses the request before anything is sent.
    Reject,
    /// The limit is only documented; the service decides.
    Document,
}

/// The check of a limit.
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
    /// The form of the whole text.
    Format(Format),
    /// The known numbers.
    OneOfIntegers(&'static [i64]),
    /// The known strings.
    OneOfStrings(&'static [&'static str]),
    /// Characters that must not occur.
    ForbiddenCharacters(&'static str),
}

/// The form that a text must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// ASCII characters only; the empty text is one.
    Ascii,
    /// A folder: starts with a slash and, unless it is just that, does not end with one.
    Folder,
    /// A URL with the scheme `http` or `https` and something behind it.
    HttpUrl,
}

impl Format {
    /// Returns whether a text has this form.
    pub fn matches(self, text: &str) -> bool {
        let one_line = !text.contains('\n');
        match self {
            Self::Ascii => text.is_ascii(),
            Self::Folder => {
                one_line && text.starts_with('/') && (text == "/" || !text.ends_with('/'))
            }
            Self::HttpUrl => {
                let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
                one_line && rest.is_some_and(|rest| !rest.is_empty())
            }
        }
    }

    /// Returns the form in words that complete "a text that".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Ascii => "has only ASCII characters",
            Self::Folder => "starts with a slash and does not end with one",
            Self::HttpUrl => "starts with http:// or https://",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_accepts_its_own_texts_only() {
        for (format, text, expected) in [
            (Format::Ascii, "", true),
            (Format::Ascii, "\0 ~\u{7f}", true),
            (Format::Ascii, "é", false),
            (Format::Folder, "/", true),
            (Format::Folder, "/shop/autumn", true),
            (Format::Folder, "/é", true),
            (Format::Folder, "", false),
            (Format::Folder, "shop", false),
            (Format::Folder, "/shop/", false),
            (Format::Folder, "//", false),
            (Format::Folder, "/shop\nautumn", false),
            (Format::HttpUrl, "http://a", true),
            (Format::HttpUrl, "https://example.com/done?token=1", true),
            (Format::HttpUrl, "https://", false),
            (Format::HttpUrl, "ftp://example.com", false),
            (Format::HttpUrl, "HTTPS://example.com", false),
            (Format::HttpUrl, "https://a\nb", false),
        ] {
            assert_eq!(format.matches(text), expected, "{format:?} {text:?}");
        }
    }
}
