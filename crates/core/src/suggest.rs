//! Suggestions for misspelt names.

/// Returns the candidate closest to a name, if one is close enough.
pub(crate) fn closest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    // No name is longer, and the distance takes time proportional to both lengths.
    let name: String = name.chars().take(128).collect::<String>().to_lowercase();
    let allowed = (name.chars().count() / 3).clamp(1, 3);
    candidates
        .map(|candidate| (strsim::osa_distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        let regions = ["cn-shanghai", "cn-beijing", "cn-shenzhen"];
        for (given, expected) in [
            ("cn-shangai", Some("cn-shanghai")),
            ("CN-Shanghai", Some("cn-shanghai")),
            ("cn-bejing", Some("cn-beijing")),
            ("cn-shangahi", Some("cn-shanghai")),
            ("us-west-1", None),
            ("", None),
        ] {
            assert_eq!(closest(given, regions.into_iter()), expected, "{given}");
        }
    }
}
