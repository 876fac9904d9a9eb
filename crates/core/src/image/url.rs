//! Form and redaction of a picture's URL.

use super::problem::{ImageProblem, ImageProblemKind};

/// The maximum length of a URL in messages, in characters.
const SHOWN: usize = 200;

/// Checks what can be checked without fetching.
pub(super) fn check(url: &str) -> Option<ImageProblem> {
    let problem = |message: String, advice| {
        Some(ImageProblem { kind: ImageProblemKind::Url, code: "InvalidPicUrl", message, advice })
    };
    // First, since a leading blank hides the scheme.
    if let Some((at, char)) = url.char_indices().find(|(_, char)| is_blank(*char)) {
        let message = format!("picture URL has {char:?} at byte {at}");
        return problem(message, "remove or percent-encode blanks and control characters");
    }
    let Some((_, rest)) = split_scheme(url) else {
        let message = format!("picture URL is {:?}", redact(url));
        return problem(message, "pass a URL that starts with http:// or https://");
    };
    if split_authority(rest).0.is_empty() {
        return problem("picture URL has no host".to_owned(), "pass a complete URL");
    }
    None
}

/// Returns a URL without query, fragment and user name, which may be secrets.
///
/// Keeps only the scheme of other URLs: the text may be a picture pasted by mistake.
pub(crate) fn redact(url: &str) -> String {
    let Some((scheme, rest)) = split_scheme(url) else {
        return match url.split_once(':') {
            Some((scheme, _)) if is_scheme(scheme) => format!("{scheme}:…"),
            _ if url.is_empty() => String::new(),
            _ => "…".to_owned(),
        };
    };
    let (authority, path) = split_authority(rest);
    let host = match authority.rsplit_once('@') {
        Some((_, host)) => host,
        // What looks like host and port may be a user name and a password that contains a `/`.
        None if authority.contains(':') && path.contains('@') => return format!("{scheme}://…"),
        None => authority,
    };
    let (path, query) = match path.find(['?', '#']) {
        Some(at) => (path.get(..at).unwrap_or_default(), "?…"),
        None => (path, ""),
    };
    let shown = format!("{scheme}://{host}{path}");
    match shown.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or_default()),
        None => shown + query,
    }
}

fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    known.then_some((scheme, rest))
}

/// Splits what follows the scheme into host with port and user, and the rest.
fn split_authority(rest: &str) -> (&str, &str) {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

fn is_scheme(name: &str) -> bool {
    (1..=12).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_blank(char: char) -> bool {
    char.is_whitespace() || char.is_control()
}
