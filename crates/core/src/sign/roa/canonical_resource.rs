/// Writes the path and the query, sorted by name and not encoded.
///
/// A parameter without a value has no `=`. Since nothing is encoded, a value with `&` or `=` reads
/// like more parameters; the official SDKs write it the same way.
///
/// ```
/// use imagesearch_core::sign::roa::canonical_resource;
///
/// let query = [("instanceName", "a+b"), ("RegionId", "cn-shanghai"), ("dry", "")]
///     .map(|(name, value)| (name.to_owned(), value.to_owned()));
/// assert_eq!(
///     canonical_resource("/item/add", &query),
///     "/item/add?RegionId=cn-shanghai&dry&instanceName=a+b"
/// );
/// ```
pub fn canonical_resource(path: &str, query: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = query.iter().collect();
    sorted.sort_unstable();
    let mut canonical = path.to_owned();
    let mut separator = '?';
    for (name, value) in sorted {
        canonical.push(separator);
        canonical.push_str(name);
        if !value.is_empty() {
            canonical.push('=');
            canonical.push_str(value);
        }
        separator = '&';
    }
    canonical
}
