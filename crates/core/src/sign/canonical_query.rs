use crate::percent;

/// Writes parameters sorted by name and encoded once, as both kinds of signature want them.
pub fn canonical_query<'a>(parameters: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut sorted: Vec<&(String, String)> = parameters.collect();
    sorted.sort();
    let mut canonical = String::new();
    for (name, value) in sorted {
        if !canonical.is_empty() {
            canonical.push('&');
        }
        canonical.extend(percent::encode(name));
        canonical.push('=');
        canonical.extend(percent::encode(value));
    }
    canonical
}
