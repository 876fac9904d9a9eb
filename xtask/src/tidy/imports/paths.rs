//! The paths that a piece of Rust names, from its tokens: those inside macros are found too.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One path, such as `crate::error::Error`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NamedPath {
    /// Its segments; the first is empty if it starts with `::`.
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    /// What a `use` binds, `*` for a glob; `None` for a path in code.
    pub(super) binds: Option<String>,
}

/// What a piece of code names.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) paths: Vec<NamedPath>,
    /// Every identifier outside `use`, fields and methods excepted.
    pub(super) identifiers: BTreeSet<String>,
}

impl Names {
    /// Adds what the tokens name, without documentation and `#[cfg(test)]` code.
    pub(super) fn read(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at = match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    self.read_attribute(&tokens, at)
                }
                TokenTree::Ident(word) if word == "use" && !is_punct(&tokens, at + 1, '<') => {
                    self.read_use(&tokens, at + 1, &[])
                }
                TokenTree::Ident(_) => self.read_path(&tokens, at),
                TokenTree::Punct(_) if starts_path(&tokens, at) => self.read_path(&tokens, at),
                TokenTree::Group(group) => {
                    self.read(group.stream());
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// Reads an attribute at `at` and returns where the code goes on.
    fn read_attribute(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let start = if is_punct(tokens, at + 1, '!') { at + 2 } else { at + 1 };
        let Some(TokenTree::Group(group)) = tokens.get(start) else {
            return at + 1;
        };
        let stream = group.stream();
        if is_test(&stream) {
            return end_of_item(tokens, start + 1);
        }
        if !matches!(stream.into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc") {
            self.read(group.stream());
            self.read_literals(group.stream());
        }
        start + 1
    }

    /// Reads the paths in strings, such as those of `#[serde(with = "..")]`.
    fn read_literals(&mut self, stream: TokenStream) {
        for token in stream {
            match token {
                TokenTree::Group(group) => self.read_literals(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let text = text.trim_matches('"');
                    if text.contains("::") && text.chars().all(is_path_character) {
                        let segments = text.split("::").map(str::to_owned).collect();
                        let line = literal.span().start().line;
                        self.paths.push(NamedPath { segments, line, binds: None });
                    }
                }
                _ => {}
            }
        }
    }

    fn read_path(&mut self, tokens: &[TokenTree], start: usize) -> usize {
        let line = tokens.get(start).map_or(0, |token| token.span().start().line);
        let mut segments = Vec::new();
        let mut at = start;
        if starts_path(tokens, at) {
            segments.push(String::new());
            at += 2;
        }
        while let Some(TokenTree::Ident(word)) = tokens.get(at) {
            segments.push(word.to_string());
            at += 1;
            if !is_colons(tokens, at) || !matches!(tokens.get(at + 2), Some(TokenTree::Ident(_))) {
                break;
            }
            at += 2;
        }
        // A field or a method belongs to its value, `a: b` names a field or a binding.
        let member = start > 0 && is_punct(tokens, start - 1, '.') && !is_range(tokens, start);
        let field = is_punct(tokens, at, ':') && !is_colons(tokens, at);
        if !member
            && !field
            && let Some(first) = segments.first()
        {
            self.identifiers.insert(first.clone());
        }
        if segments.len() > 1 {
            self.paths.push(NamedPath { segments, line, binds: None });
        }
        at.max(start + 1)
    }

    /// Reads a tree of `use` and returns where it ends.
    fn read_use(&mut self, tokens: &[TokenTree], start: usize, prefix: &[String]) -> usize {
        let mut segments = prefix.to_vec();
        let mut at = start;
        let mut renamed = None;
        let line = tokens.get(start).map_or(0, |token| token.span().start().line);
        if prefix.is_empty() && is_colons(tokens, at) {
            segments.push(String::new());
        }
        loop {
            match tokens.get(at) {
                Some(TokenTree::Ident(word)) if word == "as" => {
                    renamed = tokens.get(at + 1).map(ToString::to_string);
                    at += 1;
                }
                Some(TokenTree::Ident(word)) => segments.push(word.to_string()),
                Some(TokenTree::Punct(punct)) if punct.as_char() == '*' => {
                    renamed = Some("*".to_owned());
                }
                Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => {}
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    let mut next = 0;
                    while next < inner.len() {
                        next = self.read_use(&inner, next, &segments);
                    }
                    return at + 2;
                }
                _ => break,
            }
            at += 1;
        }
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let binds = renamed.or_else(|| segments.last().cloned());
        self.paths.push(NamedPath { segments, line, binds });
        at + 1
    }
}

/// Returns whether an attribute keeps code for tests alone.
pub(super) fn is_test(attribute: &TokenStream) -> bool {
    let text = attribute.to_string().replace(' ', "");
    text.contains("cfg(test)") || text.contains("cfg(all(test,")
}

fn is_path_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | ':')
}

fn is_punct(tokens: &[TokenTree], at: usize, wanted: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    let joint = matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.spacing() == Spacing::Joint);
    joint && is_punct(tokens, at, ':') && is_punct(tokens, at + 1, ':')
}

/// Returns whether a path starts with `::` here; the one of `<T as Trait>::Item` goes on.
fn starts_path(tokens: &[TokenTree], at: usize) -> bool {
    let starts = is_colons(tokens, at) && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_)));
    starts && !(at > 0 && is_punct(tokens, at - 1, '>'))
}

fn is_range(tokens: &[TokenTree], start: usize) -> bool {
    start > 1 && is_punct(tokens, start - 2, '.')
}

/// Returns where the item that starts at `at` ends.
fn end_of_item(tokens: &[TokenTree], start: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | ','),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    let rest = tokens.get(start..).unwrap_or_default();
    start + rest.iter().position(ends).map_or(rest.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(code: &str) -> Names {
        let mut names = Names::default();
        names.read(code.parse().expect("tokens"));
        names
    }

    #[test]
    fn paths_are_found_wherever_they_are() {
        for (code, expected) in [
            ("fn a() { crate::b::c(); }", vec!["crate::b::c"]),
            ("fn a(b: super::C<self::D>) {}", vec!["super::C", "self::D"]),
            ("format!(\"{}\", crate::a::B)", vec!["crate::a::B"]),
            ("macro_rules! m { () => { $crate::a::B } }", vec!["crate::a::B"]),
            ("a::<b::C>::new()", vec!["b::C"]),
            ("<T as a::B>::c()", vec!["a::B"]),
            ("let a = ::http::Request::new();", vec!["::http::Request::new"]),
            ("#[serde(with = \"crate::odd\")] a: B,", vec!["crate::odd"]),
            ("/// [`crate::a::B`]\nstruct C;", vec![]),
            ("#[cfg(test)] fn a() { b::c(); } fn d() { e::f(); }", vec!["e::f"]),
            ("use a::{self, b::C, d::*};", vec!["a", "a::b::C", "a::d"]),
            ("use a::b as c; fn d() { use super::E; }", vec!["a::b", "super::E"]),
            ("fn a() -> impl B + use<'_> { c::d() }", vec!["c::d"]),
            ("0..crate::a::B", vec!["crate::a::B"]),
        ] {
            let found: Vec<String> =
                names(code).paths.iter().map(|path| path.segments.join("::")).collect();
            assert_eq!(found, expected, "{code}");
        }
    }

    #[test]
    fn uses_bind_names() {
        let names = names("use a::{self, b::C, d::*, e as f};");
        let bound: Vec<_> = names.paths.iter().filter_map(|path| path.binds.as_deref()).collect();
        assert_eq!(bound, ["a", "C", "*", "f"]);
    }

    #[test]
    fn identifiers_leave_out_members_and_uses() {
        let names = names("use a::B; fn c(d: E) { d.f(); G { h: I }; J::k(); }");
        let found: Vec<_> = names.identifiers.iter().map(String::as_str).collect();
        assert_eq!(found, ["E", "G", "I", "J", "c", "d", "fn"]);
    }
}
