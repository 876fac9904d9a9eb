//! Finds the name that was probably meant.

/// Returns the known name that is most like the given one, if any is like it at all.
pub(crate) fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Below this share of common characters a suggestion is more often wrong than right.
    const CUTOFF: f32 = 0.7;

    let known: Vec<&str> = known.into_iter().collect();
    similar::get_close_matches(name, &known, 1, CUTOFF).pop()
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        let known = ["summary", "source", "since", "min_length"];
        for (given, expected) in [
            ("sumary", Some("summary")),
            ("minlength", Some("min_length")),
            ("soruce", Some("source")),
            ("limits", None),
            ("", None),
        ] {
            assert_eq!(closest(given, known), expected, "{given}");
        }
    }
}
