use proc_macro2::TokenStream;
use quote::quote;

/// Columns of a line of documentation, without indentation and slashes.
const WIDTH: usize = 92;

/// Collects the paragraphs of a piece of documentation.
#[derive(Debug, Default)]
pub(super) struct Docs {
    lines: Vec<String>,
}

impl Docs {
    /// Starts with the one line that summaries are.
    pub(super) fn summary(text: &str) -> Self {
        let text = one_line(text);
        // An item without any documentation would break the build of the crate.
        let text = if text.is_empty() { "Undocumented.".to_owned() } else { markdown(&text) };
        Self { lines: vec![text] }
    }

    /// Adds a paragraph of running text, wrapped.
    pub(super) fn paragraph(mut self, text: &str) -> Self {
        let text = markdown(&one_line(text));
        if !text.is_empty() {
            self.lines.push(String::new());
            self.lines.extend(wrap(&text));
        }
        self
    }

    /// Adds Markdown with its own lines.
    pub(super) fn description(mut self, text: Option<&str>) -> Self {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return self;
        };
        self.lines.push(String::new());
        let mut fenced = false;
        for line in text.lines() {
            let line = line.trim_end();
            if line.trim_start().starts_with("```") {
                // Rustdoc would compile and run a fence without a language.
                let plain = !fenced && line.trim_start() == "```";
                self.lines.push(if plain { format!("{line}text") } else { line.to_owned() });
                fenced = !fenced;
            } else if fenced {
                self.lines.push(line.to_owned());
            } else {
                // Four blanks would make it code, which rustdoc would run.
                let indent = line.len() - line.trim_start().len();
                let line = line.trim_start();
                self.lines.push(format!("{}{}", " ".repeat(indent.min(3)), markdown(line)));
            }
        }
        if fenced {
            self.lines.push("```".to_owned());
        }
        self
    }

    /// Adds what is not certain, where something is not.
    pub(super) fn uncertain(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.paragraph(&format!("Uncertain: {text}")),
            None => self,
        }
    }

    /// Adds lines as they are, after a blank one.
    pub(super) fn lines(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            self.lines.push(String::new());
            self.lines.extend(lines);
        }
        self
    }

    /// Writes the attributes.
    pub(super) fn render(&self) -> TokenStream {
        let lines = self
            .lines
            .iter()
            .map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
        quote! { #(#[doc = #lines])* }
    }
}

/// Joins the lines of a text.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Makes text fit for a cell of a table.
pub(super) fn cell(text: &str) -> String {
    markdown(&one_line(text)).replace('|', "\\|")
}

/// Writes a value as code, whatever is in it.
pub(super) fn code(text: &str) -> String {
    // Two backticks with nothing between them are no code.
    if text.is_empty() {
        return "empty".to_owned();
    }
    // More backticks around than there are inside, as Markdown wants it.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let text = text.replace(['\n', '\r'], " ");
    if longest > 0 { format!("{fence} {text} {fence}") } else { format!("{fence}{text}{fence}") }
}

/// Escapes what rustdoc would take for a link or an HTML tag, outside of code and of real links.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut in_code = false;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        let rest = text.get(at + character.len_utf8()..).unwrap_or_default();
        in_code ^= character == '`';
        let special = match character {
            '[' => !is_link(rest),
            '<' => !rest.starts_with("http"),
            _ => false,
        };
        if special && !in_code && before != '\\' {
            escaped.push('\\');
        }
        escaped.push(character);
        before = character;
    }
    escaped
}

/// Returns whether what follows an opening bracket makes it a link with an address.
fn is_link(rest: &str) -> bool {
    rest.split_once("](")
        .is_some_and(|(label, address)| !label.contains(['[', ']']) && address.contains(')'))
}

fn wrap(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_keeps_code_and_links_and_escapes_the_rest() {
        for (text, expected) in [
            ("plain", "plain"),
            ("[x1,x2]", "\\[x1,x2]"),
            ("`[x]` and [y]", "`[x]` and \\[y]"),
            ("[page](https://a.b)", "[page](https://a.b)"),
            ("[`it`](Self::it) [x]", "[`it`](Self::it) \\[x]"),
            ("<b>bold</b>", "\\<b>bold\\</b>"),
            ("<https://a.b>", "<https://a.b>"),
            ("\\[done]", "\\[done]"),
        ] {
            assert_eq!(markdown(text), expected, "{text}");
        }
    }

    #[test]
    fn code_survives_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code(""), "empty");
        assert_eq!(code("a`b"), "`` a`b ``");
    }

    #[test]
    fn long_paragraphs_are_wrapped_between_words() {
        let lines = wrap(&"word ".repeat(40));
        assert!(lines.iter().all(|line| line.len() <= WIDTH), "{lines:?}");
        assert_eq!(lines.join(" "), "word ".repeat(40));
    }
}
