//! The page itself: files that are part of the program, and the headers that keep them apart.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use http::{HeaderName, HeaderValue, Response, header};

use crate::http::context::Context;

/// What a browser may do with the page: nothing but run and show what comes from here.
///
/// `blob:` is for thumbnails, which are fetched with the admin token, and for the picture that is
/// searched with.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // A newer emulator on the same port must not be shown by an older page.
    (header::CACHE_CONTROL, "no-store"),
];

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! files {
    ($($name:literal $content_type:expr,)*) => {
        &[$(($name, $content_type, include_str!(concat!("page/", $name)))),*]
    };
}

/// The files of the page, with their types.
const FILES: &[(&str, &str, &str)] = files![
    "console.html" HTML,
    "icon.svg" "image/svg+xml",
    "base.css" CSS,
    "journal.css" CSS,
    "layout.css" CSS,
    "pictures.css" CSS,
    "search.css" CSS,
    "api.js" SCRIPT,
    "boxes.js" SCRIPT,
    "console.js" SCRIPT,
    "dom.js" SCRIPT,
    "gallery.js" SCRIPT,
    "instances.js" SCRIPT,
    "journal.js" SCRIPT,
    "picture.js" SCRIPT,
    "search.js" SCRIPT,
    "theme.js" SCRIPT,
    "thumbnails.js" SCRIPT,
];

/// Routes the files. They hold nothing secret, so a browser gets them before it has a token to send.
pub(crate) fn routes() -> Router<Arc<Context>> {
    let files = FILES.iter().fold(Router::new(), |routes, (name, content_type, text)| {
        routes.route(&format!("/console/{name}"), get(async || file(content_type, text)))
    });
    files.route("/", get(start))
}

/// Shows the page, whose links are relative to a path that ends with a slash.
async fn start(OriginalUri(uri): OriginalUri) -> Response<Body> {
    if uri.path().ends_with('/') {
        file(HTML, include_str!("page/console.html"))
    } else {
        Redirect::permanent(&format!("{}/", uri.path())).into_response()
    }
}

fn file(content_type: &'static str, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_page_is_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/console/page");
        let files = fs::read_dir(folder).unwrap();
        let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let served = FILES.iter().map(|(name, ..)| (*name).to_owned());
        assert_eq!(served.collect::<BTreeSet<_>>(), files.collect());
    }

    /// What a text could become markup or a program by.
    const WAYS_TO_MARKUP: [&str; 9] = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "setHTMLUnsafe",
        "document.write",
        "createContextualFragment",
        "DOMParser",
        "eval(",
        "new Function",
    ];

    #[test]
    fn scripts_know_no_way_from_text_to_markup() {
        for (name, _, text) in FILES {
            for way in WAYS_TO_MARKUP {
                assert!(!text.contains(way), "{name} has {way}");
            }
        }
    }

    #[test]
    fn the_page_has_nothing_inline_and_nothing_foreign() {
        for (name, content_type, text) in FILES {
            let foreign = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!foreign.contains("http://") && !foreign.contains("https://"), "{name}");
            if *content_type == HTML {
                for inline in ["<style", "style=", "onclick=", "javascript:", "<script>"] {
                    assert!(!text.contains(inline), "{name} has {inline}");
                }
            }
        }
    }
}
