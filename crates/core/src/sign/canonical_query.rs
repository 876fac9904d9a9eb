use crate::percent;

/// Writes parameters sorted by name and encoded once, as ACS3 and RPC's `HMAC-SHA1` want them.
pub fn canonical_query<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut sorted: Vec<(&str, &str)> = parameters.collect();
    sorted.sort();
    percent::form_urlencoded(sorted.into_iter())
}
