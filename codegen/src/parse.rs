use serde::de::DeserializeOwned;
use serde_saphyr::DuplicateKeyPolicy;

use crate::{
    Mistake,
    source::{FileId, SEEN, SourceFiles},
    spec::{Document, Spec, Version},
};

/// Reads every file, keeping what is well formed next to the mistakes of what is not.
pub fn parse(files: &SourceFiles) -> (Spec, Vec<Mistake>) {
    let mut parser = Parser { files, mistakes: Vec::new() };
    let spec = Spec {
        sources: parser.required("sources.yaml"),
        regions: parser.required("regions.yaml"),
        categories: parser.required("categories.yaml"),
        image_limits: parser.required("image-limits.yaml"),
        gateway_errors: parser.required("gateway-errors.yaml"),
        emulator: parser.optional("emulator.yaml"),
        seen: parser.optional(SEEN),
        versions: parser.versions(),
    };
    parser.refuse_unknown_files();
    (spec, parser.mistakes)
}

const TABLES: [&str; 7] = [
    "sources.yaml",
    "regions.yaml",
    "categories.yaml",
    "image-limits.yaml",
    "gateway-errors.yaml",
    "emulator.yaml",
    SEEN,
];
const VERSION_TABLES: [&str; 4] = ["service.yaml", "errors.yaml", "filter.yaml", "types.yaml"];

struct Parser<'a> {
    files: &'a SourceFiles,
    mistakes: Vec<Mistake>,
}

impl Parser<'_> {
    fn versions(&mut self) -> Vec<Version> {
        let mut names: Vec<&str> =
            self.files.paths().filter_map(|(_, path)| version(path)).collect();
        names.dedup();
        names.into_iter().map(|name| self.version(name)).collect()
    }

    fn version(&mut self, name: &str) -> Version {
        let folder = format!("{name}/operations/");
        let files = self.files;
        let operations = files.paths().filter(|(_, path)| path.starts_with(&folder));
        Version {
            name: name.to_owned(),
            service: self.required(&format!("{name}/service.yaml")),
            errors: self.required(&format!("{name}/errors.yaml")),
            filter: self.optional(&format!("{name}/filter.yaml")),
            types: self.required(&format!("{name}/types.yaml")),
            operations: operations.filter_map(|(file, _)| self.document(file)).collect(),
        }
    }

    fn required<T: DeserializeOwned>(&mut self, path: &str) -> Option<Document<T>> {
        let Some(file) = self.files.find(path) else {
            self.mistakes.push(Mistake::missing_file(path));
            return None;
        };
        self.document(file)
    }

    fn optional<T: DeserializeOwned>(&mut self, path: &str) -> Option<Document<T>> {
        self.files.find(path).and_then(|file| self.document(file))
    }

    fn document<T: DeserializeOwned>(&mut self, file: FileId) -> Option<Document<T>> {
        let options = serde_saphyr::options! {
            duplicate_keys: DuplicateKeyPolicy::Error,
            strict_booleans: true,
            no_schema: false,
            with_snippet: false,
        };
        match serde_saphyr::from_str_with_options(self.files.text(file), options) {
            Ok(content) => Some(Document { file, content }),
            Err(error) => {
                self.mistakes.push(Mistake::yaml(file, &error));
                None
            }
        }
    }

    /// A file that nothing reads is a misspelt name more often than a note.
    fn refuse_unknown_files(&mut self) {
        for (file, path) in self.files.paths() {
            let known = match version(path).and_then(|name| path.strip_prefix(name)) {
                Some(rest) => {
                    let rest = rest.trim_start_matches('/');
                    VERSION_TABLES.contains(&rest) || rest.starts_with("operations/")
                }
                None => TABLES.contains(&path),
            };
            if !known {
                let names = TABLES.into_iter().chain(VERSION_TABLES);
                let name = path.rsplit('/').next().unwrap_or(path);
                self.mistakes.push(
                    Mistake::new(file, 0..0, format!("nothing reads the file `{path}`"))
                        .suggest(name, names),
                );
            }
        }
    }
}

/// Returns the folder of a version, `2020-12-14` of `2020-12-14/types.yaml`.
fn version(path: &str) -> Option<&str> {
    let (folder, _) = path.split_once('/')?;
    folder.starts_with(|first: char| first.is_ascii_digit()).then_some(folder)
}
