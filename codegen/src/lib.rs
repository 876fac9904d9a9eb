//! Generates the data-shaped parts of the imagesearch crates from `api-spec/`.
//!
//! ```text
//! read -> parse -> check -> lower -> render -> format -> apply
//! ```
//!
//! [`source::read`] and [`output::apply`] touch the file system and [`format`](mod@format) runs rustfmt; the
//! steps between them are pure functions. Every mistake of a specification becomes a [`Mistake`]
//! with its place in the file; none of them panics.
//!
//! ```
//! use imagesearch_codegen::{parse, source::SourceFiles};
//!
//! let files = SourceFiles::from_iter([("sources.yaml", "sources:\n  sdk: {titel: An SDK}\n")]);
//! let (_, mistakes) = parse(&files);
//! let report = files.report(&mistakes);
//! assert!(report.contains("sources.yaml:2:9"), "{report}");
//! assert!(report.contains("did you mean `title`?"), "{report}");
//! ```

pub mod check;
pub mod format;
pub mod ir;
mod lower;
mod mistake;
mod names;
pub mod output;
mod parse;
mod render;
pub mod source;
pub mod spec;
mod suggest;

pub use lower::lower;
pub use mistake::Mistake;
pub use parse::parse;
pub use render::{Generated, Rendered, render};

use source::SourceFiles;

/// Turns the files of a specification into source files, unformatted, and pages.
///
/// # Errors
///
/// All mistakes that were found, in the order of the files.
pub fn generate(files: &SourceFiles) -> Result<Generated, Vec<Mistake>> {
    let (spec, mut mistakes) = parse(files);
    mistakes.extend(check::check(&spec, files));
    if !mistakes.is_empty() {
        mistakes
            .sort_by_key(|mistake| mistake.place.as_ref().map(|(file, span)| (*file, span.start)));
        return Err(mistakes);
    }
    Ok(render(&lower(&spec, files)))
}
