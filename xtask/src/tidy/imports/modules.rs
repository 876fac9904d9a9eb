//! The modules of a crate, read from its files.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::{Attribute, Item, Meta, Visibility};

use super::paths::{self, NamedPath, Names};

/// A module, in a file of its own or inside one.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// Number of the module around it; the root is its own.
    pub(super) parent: usize,
    /// Path of the file that it is in.
    pub(super) file: String,
    pub(super) children: BTreeMap<String, usize>,
    /// Names of the items that are defined in it.
    pub(super) defined: BTreeSet<String>,
    /// What `use` brings into it, with whether it is handed on.
    pub(super) uses: Vec<(NamedPath, bool)>,
    /// What else its code names.
    pub(super) names: Names,
}

impl Module {
    /// Lists the paths that its `use` binds to a name.
    pub(super) fn bound<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a NamedPath> {
        let paths = self.uses.iter().map(|(path, _)| path);
        paths.filter(move |path| path.binds.as_deref() == Some(name))
    }
}

/// Reads the modules of the crate whose root is `root`; `files` has texts by path.
pub(super) fn read(root: &str, files: &BTreeMap<&str, &str>) -> Result<Vec<Module>> {
    let mut reader = Reader { files, modules: Vec::new() };
    let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    reader.read_file(root, folder, 0)?;
    Ok(reader.modules)
}

struct Reader<'a> {
    files: &'a BTreeMap<&'a str, &'a str>,
    modules: Vec<Module>,
}

impl Reader<'_> {
    /// Reads the module that is a file; its children are below `folder`.
    fn read_file(&mut self, path: &str, folder: &str, parent: usize) -> Result<usize> {
        let text = self.files.get(path).with_context(|| format!("{path} is not there"))?;
        let file = syn::parse_file(text).with_context(|| path.to_owned())?;
        self.read_items(file.items, path, folder, parent)
    }

    fn read_items(
        &mut self,
        items: Vec<Item>,
        path: &str,
        folder: &str,
        parent: usize,
    ) -> Result<usize> {
        let number = self.modules.len();
        self.modules.push(Module { parent, file: path.to_owned(), ..Module::default() });
        let mut module = Module { parent, file: path.to_owned(), ..Module::default() };
        for item in items.into_iter().filter(|item| !is_test(item)) {
            match item {
                Item::Mod(inner) => {
                    let name = inner.ident.to_string();
                    let below = format!("{folder}/{name}");
                    let child = match inner.content {
                        Some((_, items)) => self.read_items(items, path, &below, number)?,
                        None => {
                            let file = self.file_of(&inner.attrs, path, &below);
                            self.read_file(&file, &below, number)?
                        }
                    };
                    module.children.insert(name, child);
                }
                Item::Use(item) => {
                    let mut names = Names::default();
                    names.read(item.to_token_stream());
                    let handed_on = !matches!(item.vis, Visibility::Inherited);
                    let uses = names.paths.into_iter().filter(|path| path.binds.is_some());
                    module.uses.extend(uses.map(|path| (path, handed_on)));
                }
                item => {
                    module.defined.extend(defined(&item));
                    module.names.read(item.to_token_stream());
                }
            }
        }
        // A function's own `use` counts as its module's.
        let (inner, paths) =
            std::mem::take(&mut module.names.paths).into_iter().partition(|it| it.binds.is_some());
        module.names.paths = paths;
        let inner: Vec<NamedPath> = inner;
        module.uses.extend(inner.into_iter().map(|path| (path, false)));
        if let Some(place) = self.modules.get_mut(number) {
            *place = module;
        }
        Ok(number)
    }

    fn file_of(&self, attributes: &[Attribute], path: &str, below: &str) -> String {
        let named = attributes.iter().find_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => {
                let name = pair.value.to_token_stream().to_string();
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                Some(format!("{folder}/{}", name.trim_matches('"')))
            }
            _ => None,
        });
        let in_folder = format!("{below}/mod.rs");
        named.unwrap_or_else(|| {
            if self.files.contains_key(in_folder.as_str()) {
                in_folder
            } else {
                format!("{below}.rs")
            }
        })
    }
}

/// Lists the names that an item defines, of a macro's call whatever looks like a definition.
fn defined(item: &Item) -> Vec<String> {
    let name = match item {
        Item::Const(it) => &it.ident,
        Item::Enum(it) => &it.ident,
        Item::Fn(it) => &it.sig.ident,
        Item::Macro(it) => match &it.ident {
            Some(name) => name,
            None => return defined_by_macro(&it.mac.tokens.to_string()),
        },
        Item::Static(it) => &it.ident,
        Item::Struct(it) => &it.ident,
        Item::Trait(it) => &it.ident,
        Item::TraitAlias(it) => &it.ident,
        Item::Type(it) => &it.ident,
        Item::Union(it) => &it.ident,
        _ => return Vec::new(),
    };
    vec![name.to_string()]
}

fn defined_by_macro(tokens: &str) -> Vec<String> {
    const KEYWORDS: [&str; 7] = ["struct", "enum", "fn", "const", "static", "type", "trait"];
    let words: Vec<&str> = tokens
        .split(|it: char| !it.is_ascii_alphanumeric() && it != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let after = words.iter().zip(words.iter().skip(1));
    after.filter(|(word, _)| KEYWORDS.contains(word)).map(|(_, name)| (*name).to_owned()).collect()
}

/// Returns whether an item is there for tests alone.
fn is_test(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        // What else there is says so to `Names`.
        _ => return false,
    };
    attributes.iter().any(|it| paths::is_test(&it.to_token_stream()))
}
