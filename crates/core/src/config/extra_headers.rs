use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::Error;

/// Headers that a caller adds to requests.
///
/// They are stored unchecked and checked by `check`, so that setters cannot fail. No signature
/// covers them: the names that one would cover are reserved.
#[derive(Clone, Default)]
pub struct ExtraHeaders(Vec<(String, String)>);

/// Reserved headers: set by the client, or those of the connection.
const RESERVED: &[&str] = &[
    "accept",
    "authorization",
    "connection",
    "date",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// Prefixes of reserved headers.
const RESERVED_PREFIXES: &[&str] = &["content-", "proxy-", "x-acs-", "x-oss-"];

impl ExtraHeaders {
    pub(crate) fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Checks the headers and returns them, the last one for each name.
    pub(crate) fn check(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.0 {
            let shown = name.escape_debug();
            let name: HeaderName = name.parse().map_err(|_| {
                Error::config(format!("`{shown}` is not a header name"))
                    .with_advice("use letters, digits and hyphens, such as `x-trace-id`")
            })?;
            let lower = name.as_str();
            if RESERVED.contains(&lower) || RESERVED_PREFIXES.iter().any(|it| lower.starts_with(it))
            {
                return Err(Error::config(format!("the header `{lower}` is set by the client"))
                    .with_advice(match lower {
                        "user-agent" => "name your product with `with_user_agent`",
                        "host" => "name the host with `with_endpoint`",
                        _ => "omit it",
                    }));
            }
            // The value is not shown, since it may be a proxy's secret.
            let mut value = HeaderValue::from_str(value).map_err(|_| {
                Error::config(format!(
                    "the value of the header `{lower}` has characters that are not allowed in headers"
                ))
                .with_advice("use printable ASCII characters")
            })?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(headers)
    }
}

impl fmt::Debug for ExtraHeaders {
    /// Lists the names; values may be secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> ExtraHeaders {
        let mut headers = ExtraHeaders::default();
        pairs.iter().for_each(|(name, value)| headers.push(*name, *value));
        headers
    }

    #[test]
    fn takes_the_last_of_each_name() {
        let pairs = [("x-trace", "1"), ("TraceParent", "00-1"), ("X-Trace", "2")];
        let checked = headers(&pairs).check().unwrap();
        assert_eq!(checked.len(), 2);
        assert_eq!(checked["x-trace"], "2");
        assert_eq!(checked["traceparent"], "00-1");
    }

    #[test]
    fn refuses_what_the_client_sets_and_what_no_header_is() {
        for (name, value, says) in [
            ("Authorization", "x", "`authorization` is set by the client"),
            ("HOST", "x", "`with_endpoint`"),
            ("x-acs-action", "x", "`x-acs-action` is set by the client"),
            ("X-Acs-Anything", "x", "`x-acs-anything` is set by the client"),
            ("content-md5", "x", "`content-md5` is set by the client"),
            ("Transfer-Encoding", "chunked", "`transfer-encoding` is set by the client"),
            ("user-agent", "x", "`with_user_agent`"),
            ("a b", "x", "`a b` is not a header name"),
            ("", "x", "is not a header name"),
            ("x\r\ny", "x", r"`x\r\ny` is not a header name"),
            ("x-ok", "hidden\r\nhost: evil", "the value of the header `x-ok`"),
        ] {
            let error = headers(&[(name, value)]).check().unwrap_err().to_string();
            assert!(error.contains(says), "{name}: {error}");
            assert!(!error.contains("hidden"), "{error}");
        }
    }

    #[test]
    fn does_not_print_values() {
        assert_eq!(format!("{:?}", headers(&[("x-a", "hidden")])), r#"["x-a"]"#);
    }
}
