/// Writes the string to sign: the method, four headers, then canonical headers and resource.
///
/// The headers are `accept`, `content-md5`, `content-type` and `date`, a line each; the line of
/// one that is absent stays empty. Names come in lower case, and other headers are passed over.
///
/// ```
/// use imagesearch_core::sign::roa::string_to_sign;
///
/// let headers = [("date", "Thu, 22 Feb 2018 07:03:05 GMT"), ("accept", "application/json")];
/// assert_eq!(
///     string_to_sign("GET", &headers, "x-acs-version:2018-01-20\n/item"),
///     "GET\napplication/json\n\n\nThu, 22 Feb 2018 07:03:05 GMT\nx-acs-version:2018-01-20\n/item"
/// );
/// ```
pub fn string_to_sign(method: &str, headers: &[(&str, &str)], canonical_request: &str) -> String {
    let header = |wanted: &str| {
        let found = headers.iter().find(|(name, _)| *name == wanted);
        found.map_or("", |(_, value)| value.trim())
    };
    format!(
        "{method}\n{}\n{}\n{}\n{}\n{canonical_request}",
        header("accept"),
        header("content-md5"),
        header("content-type"),
        header("date"),
    )
}
