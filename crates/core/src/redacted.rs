//! How `Debug` shows what may hold secrets.

use std::fmt;

/// Prints method, host and path of a request. Its query, headers and body may hold secrets.
pub(crate) fn show_request<'a, 'b, 'c, B>(
    shown: &'a mut fmt::DebugStruct<'b, 'c>,
    request: &http::Request<B>,
) -> &'a mut fmt::DebugStruct<'b, 'c> {
    let uri = request.uri();
    shown.field("method", request.method()).field("host", &uri.host()).field("path", &uri.path())
}

/// Prints names with the lengths of their values, which may be secrets.
pub(crate) struct RedactedPairs<'a, N, V>(pub(crate) &'a [(N, V)]);

impl<N: fmt::Debug, V: AsRef<[u8]>> fmt::Debug for RedactedPairs<'_, N, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = formatter.debug_map();
        for (name, value) in self.0 {
            map.entry(name, &format_args!("{} bytes", value.as_ref().len()));
        }
        map.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_where_a_request_goes() {
        struct Shown(http::Request<&'static str>);
        impl fmt::Debug for Shown {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                show_request(&mut formatter.debug_struct("Shown"), &self.0).finish()
            }
        }
        let request = http::Request::get("https://user:secret@host:1/path?secret");
        let request = request.header("secret", "secret").body("secret").unwrap();
        let expected = r#"Shown { method: GET, host: Some("host"), path: "/path" }"#;
        assert_eq!(format!("{:?}", Shown(request)), expected);
    }

    #[test]
    fn shows_names_and_lengths() {
        let pairs = [("a", "secret".to_owned()), ("b", String::new())];
        assert_eq!(format!("{:?}", RedactedPairs(&pairs)), r#"{"a": 6 bytes, "b": 0 bytes}"#);
    }
}
