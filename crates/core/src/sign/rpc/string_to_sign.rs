use crate::percent;

/// Writes the string to sign: the method, the path `/` and the canonical query, encoded again.
pub fn string_to_sign(method: &str, canonical_query: &str) -> String {
    format!("{method}&%2F&{}", percent::encode(canonical_query))
}
