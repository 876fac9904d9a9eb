//! The error of the parser, with carets under the mistake.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use crate::quote::visible;

/// The number of cells shown before the mistake.
const CELLS_BEFORE: usize = 32;
/// The maximum number of cells shown, apart from the dots of a cut.
const CELLS: usize = 72;

/// A syntax error in a filter: where, why, and what to write instead.
///
/// `Display` takes three lines. A long text is cut around the mistake, and what a terminal would
/// not show as one character, such as a line break, is shown escaped.
///
/// ```
/// # use imagesearch_core::filter::Filter;
/// let error = Filter::parse(r#"int_atr >= 100 AND str_attr = "red""#).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#"unknown field `int_atr` at column 1
///   int_atr >= 100 AND str_attr = "red"
///   ^^^^^^^ did you mean `int_attr`?"#
/// );
/// assert_eq!(error.span(), 0..7);
/// assert_eq!(error.help(), "did you mean `int_attr`?");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    message: String,
    help: String,
    span: Range<usize>,
    column: usize,
    excerpt: Excerpt,
}

impl FilterError {
    /// Builds the error; the span must lie on character boundaries of the text.
    pub(super) fn new(
        text: &str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let (before, rest) = text.split_at_checked(span.start).unwrap_or((text, ""));
        Self {
            message: message.into(),
            help: help.into(),
            column: before.chars().count() + 1,
            excerpt: Excerpt::around(before, rest, span.len()),
            span,
        }
    }

    /// Returns what is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns advice on what to write instead.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.help
    }

    /// Returns the place of the mistake as a range of bytes, empty at the end of the text.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns where the mistake starts, in characters from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, help, column, excerpt: Excerpt { line, indent, width }, .. } = self;
        writeln!(f, "{message} at column {column}")?;
        writeln!(f, "  {line}")?;
        write!(f, "  {:indent$}{:^<width$} {help}", "", "")
    }
}

impl Error for FilterError {}

/// The part of the text around the mistake, and where the carets go.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Excerpt {
    line: String,
    indent: usize,
    width: usize,
}

impl Excerpt {
    fn around(before: &str, rest: &str, marked: usize) -> Self {
        let mut line = last_cells(before);
        let indent = line.chars().count();
        let (mut cells, mut width) = (indent, 0);
        for (offset, character) in rest.char_indices() {
            let cell = visible(character);
            let length = cell.chars().count();
            if cells + length > CELLS {
                line.push_str("...");
                break;
            }
            line.push_str(&cell);
            cells += length;
            if offset < marked {
                width += length;
            }
        }
        Self { line, indent, width: width.max(1) }
    }
}

/// Shows the end of the text before the mistake.
fn last_cells(before: &str) -> String {
    let mut shown = Vec::new();
    let mut cells = 0;
    for character in before.chars().rev() {
        let cell = visible(character);
        cells += cell.chars().count();
        if cells > CELLS_BEFORE {
            shown.push("...".to_owned());
            break;
        }
        shown.push(cell);
    }
    shown.into_iter().rev().collect()
}
