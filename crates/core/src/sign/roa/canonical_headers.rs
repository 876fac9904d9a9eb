use std::fmt::Write;

/// Writes every `x-acs-*` header on a line of its own, sorted by name.
///
/// Headers come with lower-case names and in any order; others are left out. Blanks around a value
/// are cut off, as HTTP does on the way.
///
/// ```
/// use imagesearch_core::sign::roa::canonical_headers;
///
/// let headers = [("x-acs-version", "2018-01-20"), ("host", "a.b"), ("x-acs-action", "AddItem")];
/// assert_eq!(canonical_headers(&headers), "x-acs-action:AddItem\nx-acs-version:2018-01-20\n");
/// ```
pub fn canonical_headers(headers: &[(&str, &str)]) -> String {
    let mut signed: Vec<_> =
        headers.iter().filter(|(name, _)| name.starts_with("x-acs-")).collect();
    signed.sort_unstable();
    let mut canonical = String::new();
    for (name, value) in signed {
        // Writing to a string cannot fail.
        let _ = writeln!(canonical, "{name}:{}", value.trim());
    }
    canonical
}
