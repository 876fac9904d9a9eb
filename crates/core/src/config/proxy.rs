use crate::{endpoint::Endpoint, error::Error, secret::Secret};

/// Checks the URL of a proxy: HTTP libraries accept some that mean another host, and show the
/// password in errors about others.
pub(super) fn check(url: String) -> Result<Secret, Error> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", &url));
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (user, host) = rest.rsplit_once('@').unwrap_or(("", rest));
    let ends_early = |it: char| matches!(it, '/' | '?' | '#' | '@') || it.is_whitespace();
    if !matches!(scheme, "http" | "https")
        || user.contains(ends_early)
        || host.contains("://")
        || host.parse::<Endpoint>().is_err()
    {
        return Err(Error::config("the proxy's URL is invalid").with_advice(
            "use `http://user:password@proxy.example:8080`, with special characters of user and password \
             percent-encoded",
        ));
    }
    Ok(Secret::from(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_http_and_https_with_or_without_a_user() {
        for (url, expected) in [
            ("http://proxy.example:8080", true),
            ("https://proxy.example/", true),
            ("http://user:testsecret@127.0.0.1:1", true),
            ("http://user:p%23%40%2F@[::1]:1", true),
            ("user:testsecret@proxy.example:8080", true),
            ("proxy.example:8080", true),
            ("proxy", true),
            ("", false),
            ("no proxy at all", false),
            ("ftp://user:testsecret@proxy.example", false),
            ("socks5://user:testsecret@proxy.example", false),
            ("http://http://proxy.example", false),
            ("http://proxy.example/path", false),
            ("http://user:testsecret@:8080", false),
            ("http://user:testsecret@proxy.example:port", false),
            ("http://user:testsecret@proxy.example:99999", false),
            ("http://user:test#secret@proxy.example:8080", false),
            ("http://user:1/testsecret@proxy.example:8080", false),
            ("user:test/secret@proxy.example:8080", false),
            ("user:test?secret@proxy.example:8080", false),
            ("user:test@secret@proxy.example:8080", false),
            ("user:test secret@proxy.example:8080", false),
        ] {
            let checked = check(url.to_owned());
            assert_eq!(checked.is_ok(), expected, "{url}");
            if let Err(error) = checked {
                assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
            }
        }
    }
}
