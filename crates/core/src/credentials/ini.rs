use std::collections::BTreeMap;

/// The sections of an INI file: keys in lower case with their values.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Ini {
    sections: BTreeMap<String, BTreeMap<String, String>>,
}

impl Ini {
    /// Parses a file as the official SDKs do: `#` starts a comment anywhere, `;` at the start of a
    /// line, and quotes around a value are stripped. Later values win.
    ///
    /// # Errors
    ///
    /// Returns the number of the first line that is neither a section header nor `key = value` in a
    /// section.
    pub(super) fn parse(text: &str) -> Result<Self, usize> {
        let mut ini = Self::default();
        let mut section = None;
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() || line.starts_with(';') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
                section = Some(ini.sections.entry(name.trim().to_owned()).or_default());
                continue;
            }
            let pair = line.split_once(['=', ':']);
            match (&mut section, pair) {
                (Some(section), Some((key, value))) if !key.trim().is_empty() => {
                    section.insert(key.trim().to_lowercase(), unquoted(value.trim()).to_owned());
                }
                _ => return Err(index + 1),
            }
        }
        Ok(ini)
    }

    /// Returns a section.
    pub(super) fn section(&self, name: &str) -> Option<&BTreeMap<String, String>> {
        self.sections.get(name)
    }

    /// Lists the names of the sections.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }
}

fn unquoted(value: &str) -> &str {
    let inner = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_sections_keys_and_comments() {
        let text = "; a file\n# more\n[default]   # first\r\nType = access_key#x\n\
                    a: b = c\nempty =\nquoted = \" x \"\n\n[ other ]\nTYPE=\"{\\\"a\\\":1}\"\n\
                    [default]\na = later\n";
        let ini = Ini::parse(text).unwrap();
        let value = |section, key| ini.section(section)?.get(key).map(String::as_str);
        for (section, key, expected) in [
            ("default", "type", Some("access_key")),
            ("default", "a", Some("later")),
            ("default", "empty", Some("")),
            ("default", "quoted", Some(" x ")),
            ("other", "type", Some("{\\\"a\\\":1}")),
            ("other", "a", None),
            ("Default", "a", None),
        ] {
            assert_eq!(value(section, key), expected, "[{section}] {key}");
        }
        assert_eq!(ini.names().collect::<Vec<_>>(), ["default", "other"]);
        for (text, line) in
            [("a = b", 1), ("[a]\nb", 2), ("[a]\n\n= b", 3), ("[a", 1), ("[a]\nk=\"", 0)]
        {
            assert_eq!(Ini::parse(text).err().unwrap_or(0), line, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            pairs in prop::collection::btree_map("[a-z_]{1,8}", "[!-\"$-&(-~]([ -\"$-&(-~]{0,8}[!$-&(-~])?", 0..5)
        ) {
            let plain = |value: &str| !value.starts_with('"');
            prop_assume!(pairs.values().all(|value| plain(value)));
            let lines = pairs.iter().map(|(key, value)| format!("{key} = {value}\n"));
            let text = format!("[s]\n{}", lines.collect::<String>());
            let ini = Ini::parse(&text).unwrap();
            prop_assert_eq!(ini.section("s"), Some(&pairs));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "([\\[\\]=:#;\"' \\nab]|\\PC){0,60}") {
            if let Err(line) = Ini::parse(&text) {
                prop_assert!(line <= text.lines().count());
            }
        }
    }
}
