//! The files of a specification in memory.

use std::{fs, io, path::Path};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use crate::Mistake;

/// The one file that is not below `api-spec/`: what official SDKs and the emulator have shown.
pub const SEEN: &str = "../tests/conformance/seen.json";

/// Names a file of [`SourceFiles`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(usize);

/// Holds the text of each file, with its path below `api-spec/`.
#[derive(Clone, Debug, Default)]
pub struct SourceFiles {
    files: Vec<(String, String)>,
}

impl SourceFiles {
    /// Returns the id of a path such as `2020-12-14/types.yaml`.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files.iter().position(|(name, _)| name == path).map(FileId)
    }

    /// Goes through ids and paths, by path.
    pub fn paths(&self) -> impl Iterator<Item = (FileId, &str)> {
        self.files.iter().enumerate().map(|(index, (path, _))| (FileId(index), path.as_str()))
    }

    /// Returns the path of a file below `api-spec/`.
    pub fn path(&self, file: FileId) -> &str {
        self.files.get(file.0).map_or("", |(path, _)| path)
    }

    /// Returns the text of a file.
    pub fn text(&self, file: FileId) -> &str {
        self.files.get(file.0).map_or("", |(_, text)| text)
    }

    /// Writes mistakes out, each with file, line, column and caret.
    pub fn report(&self, mistakes: &[Mistake]) -> String {
        let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
        let mut report = String::new();
        for mistake in mistakes {
            let mut group = Group::with_title(Level::ERROR.primary_title(mistake.message.as_str()));
            if let Some((file, span)) = &mistake.place {
                let text = self.text(*file);
                let primary = AnnotationKind::Primary.span(shown(text, span.clone()));
                let path = format!("api-spec/{}", self.path(*file));
                group = group.element(
                    Snippet::source(text)
                        .path(path)
                        .annotation(primary.label(mistake.label.as_deref())),
                );
            }
            if let Some(help) = &mistake.help {
                group = group.element(Level::HELP.message(help.as_str()));
            }
            report.push_str(&renderer.render(&[group]));
            report.push_str("\n\n");
        }
        report
    }
}

impl<P: Into<String>, T: Into<String>> FromIterator<(P, T)> for SourceFiles {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Self {
        let mut files: Vec<(String, String)> =
            files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        // The order of the file system must not reach the output.
        files.sort();
        Self { files }
    }
}

/// Reads the YAML files below a folder, and [`SEEN`] if it is there.
///
/// # Errors
///
/// What the file system answers, with the path.
pub fn read(root: &Path) -> io::Result<SourceFiles> {
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let path = root.join(&folder);
        let locate =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        for entry in fs::read_dir(&path).map_err(locate)? {
            let entry = entry.map_err(locate)?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let below = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if entry.file_type().map_err(locate)?.is_dir() {
                folders.push(below);
            } else if below.ends_with(".yaml") {
                let text = fs::read_to_string(entry.path()).map_err(|error| {
                    io::Error::new(error.kind(), format!("{}: {error}", entry.path().display()))
                })?;
                files.push((below, text));
            }
        }
    }
    match fs::read_to_string(root.join(SEEN)) {
        Ok(text) => files.push((SEEN.to_owned(), text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(io::Error::new(error.kind(), format!("{SEEN}: {error}"))),
    }
    Ok(files.into_iter().collect())
}

/// Cuts a span down to one line and stretches an empty one, so that there is one caret line.
fn shown(text: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let floor = |mut index: usize| {
        while !text.is_char_boundary(index) {
            index -= 1;
        }
        index
    };
    let start = floor(span.start.min(text.len()));
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default().trim_end();
    let end = floor(span.end.min(start + line.len())).max(start);
    if end > start {
        return start..end;
    }
    let word = line.find(|next: char| next.is_whitespace() || next == ':').unwrap_or(line.len());
    start..start + word
}
