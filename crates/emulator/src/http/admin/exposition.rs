//! The text format: families of samples, each a line.

use std::fmt::{Display, Write};

/// What all names begin with.
const PREFIX: &str = "imagesearch_emulator_";

/// Writes families one after the other.
#[derive(Debug, Default)]
pub(super) struct Exposition {
    text: String,
    family: &'static str,
}

impl Exposition {
    /// Begins a family, which the samples that follow belong to.
    pub(super) fn family(&mut self, name: &'static str, kind: &str, help: &str) {
        self.family = name;
        self.line(format_args!("# HELP {PREFIX}{name} {help}"));
        self.line(format_args!("# TYPE {PREFIX}{name} {kind}"));
    }

    /// Writes a sample.
    pub(super) fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        self.sample_of("", labels, value);
    }

    /// Writes a sample of one of the series that a histogram is made of.
    pub(super) fn sample_of(&mut self, series: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = labels.join(",");
        let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
        let family = self.family;
        self.line(format_args!("{PREFIX}{family}{series}{labels} {value}"));
    }

    /// Writes families that were written apart.
    pub(super) fn append(&mut self, families: &Self) {
        self.text.push_str(&families.text);
    }

    /// Ends the text.
    pub(super) fn into_string(self) -> String {
        self.text
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }
}

/// Escapes the value of a label.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_break_out() {
        let mut text = Exposition::default();
        text.family("hits", "counter", "Hits.");
        text.sample(&[("rule", "a\"b\\c\nd"), ("other", "红")], 3);
        text.sample(&[], 0.5);
        assert_eq!(
            text.into_string(),
            "# HELP imagesearch_emulator_hits Hits.\n# TYPE imagesearch_emulator_hits counter\n\
             imagesearch_emulator_hits{rule=\"a\\\"b\\\\c\\nd\",other=\"红\"} 3\n\
             imagesearch_emulator_hits 0.5\n"
        );
    }
}
