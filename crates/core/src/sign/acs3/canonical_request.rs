use std::fmt::Write;

use crate::sign::canonical_query;

/// Writes the canonical request: method, path, query, headers, their names and the body's hash.
///
/// Headers come with lower-case names and in any order; all that are given are signed.
pub fn canonical_request(
    method: &str,
    path: &str,
    query: &[(String, String)],
    headers: &[(&str, &str)],
    content_sha256: &str,
) -> String {
    let mut canonical = format!("{method}\n{path}\n{}\n", canonical_query(query.iter()));
    for (name, value) in sorted(headers) {
        // Writing to a string cannot fail.
        let _ = writeln!(canonical, "{name}:{}", value.trim());
    }
    let _ = write!(canonical, "\n{}\n{content_sha256}", signed_headers(headers));
    canonical
}

/// Lists the names of the signed headers, sorted, with semicolons between them.
pub fn signed_headers(headers: &[(&str, &str)]) -> String {
    let names: Vec<&str> = sorted(headers).into_iter().map(|(name, _)| name).collect();
    names.join(";")
}

fn sorted<'a>(headers: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut sorted = headers.to_vec();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    sorted
}
