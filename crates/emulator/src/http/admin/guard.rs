//! Access to the admin API: with the token, or from this machine only, and never from the pages of
//! other sites.
//!
//! A browser on this machine reaches the emulator like any program, and runs what other sites send
//! it. Such a page cannot read answers, but it can send requests that change things; and a site
//! whose name is made to point here (DNS rebinding) could even read. `Origin` and `Sec-Fetch-Site`
//! reveal the first, `Host` the second.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State as Shared};
use axum::middleware::Next;
use axum::response::IntoResponse;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};

use super::answer::AdminError;
use crate::http::context::Context;
use crate::http::gateway::auth::signing::same;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// Lets a request pass that may, keeps answers out of caches unless they say otherwise, and out of the
/// pages of other sites, which could show a picture although they cannot read it.
pub(super) async fn guard(
    Shared(context): Shared<Arc<Context>>,
    request: Request,
    next: Next,
) -> Response<axum::body::Body> {
    let checked = check(&context, request.method(), request.headers());
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn check(context: &Context, method: &Method, headers: &HeaderMap) -> Result<(), AdminError> {
    let forbidden = |reason: String| Err(AdminError::new(StatusCode::FORBIDDEN, reason));
    match context.admin.access.token() {
        // A page that does not know the token gets nowhere, under whatever name it came.
        Some(token) => check_token(token, headers)?,
        None => {
            let host = text(headers, &header::HOST);
            if !is_ours(context, host) {
                return forbidden(format!(
                    "the host `{host}` is not this emulator's; use its address or localhost"
                ));
            }
        }
    }
    if method.is_safe() || comes_from_here(headers) {
        return Ok(());
    }
    forbidden("the request comes from a page of another site".to_owned())
}

fn check_token(expected: &str, headers: &HeaderMap) -> Result<(), AdminError> {
    let given = text(headers, &header::AUTHORIZATION).split_once(' ');
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    if given.is_some_and(|(_, token)| same(expected.as_bytes(), token.trim().as_bytes())) {
        return Ok(());
    }
    Err(AdminError::new(
        StatusCode::UNAUTHORIZED,
        "send the admin token as `authorization: Bearer TOKEN`; it was printed when the emulator \
         started, unless it was given with --admin-token",
    ))
}

/// Returns whether a request was addressed to the emulator by a name that nobody else can own.
fn is_ours(context: &Context, host: &str) -> bool {
    let name = without_port(host);
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    if let Ok(address) = name.parse::<IpAddr>() {
        let bound = context.address.ip();
        return address == bound
            || bound.is_unspecified()
            || bound.is_loopback() && address.is_loopback();
    }
    name.eq_ignore_ascii_case(without_port(&context.host.authority()))
}

/// Takes a port off, and the brackets of an IPv6 address.
fn without_port(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

/// Returns whether a browser sent the request for one of our own pages, or no browser did.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let same_site = match headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => true,
        Some(_) => false,
    };
    let same_origin = !headers.contains_key(header::ORIGIN) || {
        let origin = text(headers, &header::ORIGIN).split_once("://");
        origin.is_some_and(|(_, at)| at.eq_ignore_ascii_case(text(headers, &header::HOST)))
    };
    same_site && same_origin
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_and_brackets_are_taken_off() {
        for (host, expected) in [
            ("127.0.0.1:80", "127.0.0.1"),
            ("localhost", "localhost"),
            ("[::1]:80", "::1"),
            ("[::1]", "::1"),
            ("", ""),
        ] {
            assert_eq!(without_port(host), expected, "{host}");
        }
    }

    #[test]
    fn browsers_tell_where_a_request_comes_from() {
        for (origin, site, expected) in [
            (None, None, true),
            (Some("http://127.0.0.1:80"), None, true),
            (Some("http://127.0.0.1:80"), Some("same-origin"), true),
            (None, Some("none"), true),
            (Some("http://evil.example"), None, false),
            (Some("http://127.0.0.1:81"), Some("same-site"), false),
            (Some("http://127.0.0.1:80"), Some("cross-site"), false),
            (Some("null"), None, false),
            (Some(""), None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:80"));
            for (name, value) in [(header::ORIGIN, origin), (SEC_FETCH_SITE, site)] {
                if let Some(value) = value {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            assert_eq!(comes_from_here(&headers), expected, "{origin:?} {site:?}");
        }
    }
}
