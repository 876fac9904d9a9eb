use std::io;

use super::*;

/// A hostile text: line breaks and a direction override must be escaped.
const HOSTILE: &str = "line\r\nerror: \u{1b}[2J\u{202e}end";

fn answered(code: &str, message: &str) -> Error {
    let service = ServiceError {
        code: Some(code.to_owned()),
        message: Some(message.to_owned()),
        request_id: Some("R-1".to_owned()),
        ..ServiceError::default()
    };
    Error::new(ErrorKind::Service, "").with_answer(400, None).with_service_error(service)
}

fn recommending(recommend: &str) -> Error {
    let service = ServiceError {
        code: Some("New.Code".to_owned()),
        recommend: Some(recommend.to_owned()),
        ..ServiceError::default()
    };
    Error::new(ErrorKind::Service, "").with_service_error(service)
}

#[test]
fn each_error_has_its_text_and_its_sources() {
    let refused = || io::Error::other(Wrapper(io::Error::other("connection refused")));
    let connect = || Error::new(ErrorKind::Connect, "could not connect to h:443");
    let table: Vec<(Error, &str, &[&str])> = vec![
        (Error::config("the name is empty"), "the name is empty", &[]),
        (
            Error::config("a").with_note("b").with_note("c").with_advice("do d"),
            "a; b; c; do d",
            &[],
        ),
        (
            connect().with_source(refused()).with_attempts(Hop::Upload, 3),
            "could not connect to h:443 (while uploading the picture, after 3 attempts)",
            &["wrapped", "connection refused"],
        ),
        (
            connect().with_operation("Detail").with_attempts(Hop::Invoke, 1),
            "Detail: could not connect to h:443",
            &[],
        ),
        (
            answered("ServiceUnavailable", "Busy.")
                .with_attempts(Hop::Invoke, 2)
                .with_note("not retried")
                .with_may_have_been_applied(true),
            "ServiceUnavailable: Busy (HTTP 400, request id R-1, after 2 attempts); not retried; \
             the change may have been carried out; try again after a pause",
            &[],
        ),
        (
            answered("InvalidPicName.NotFound", "No."),
            "InvalidPicName.NotFound: No (HTTP 400, request id R-1)",
            &[],
        ),
        (
            answered("New.Code", HOSTILE),
            "New.Code: line\\r\\nerror: \\u{1b}[2J\\u{202e}end (HTTP 400, request id R-1)",
            &[],
        ),
        (recommending("https://help/a?b=c."), "New.Code; see https://help/a?b=c", &[]),
        (
            recommending("Read <https://help/a>, and pay."),
            "New.Code; the service recommends: read <https://help/a>, and pay",
            &[],
        ),
        (
            Error::new(ErrorKind::UnexpectedResponse, "it is a page")
                .with_answer(502, Some("<p>\n".to_owned())),
            "it is a page (HTTP 502); the response begins `<p>\\n`",
            &[],
        ),
        (
            Error::new(ErrorKind::UnexpectedResponse, "it is nothing")
                .with_answer(502, Some(String::new())),
            "it is nothing (HTTP 502); the response is empty",
            &[],
        ),
        (
            Error::new(ErrorKind::Credentials, "no source has credentials")
                .with_causes(vec!["a: b".to_owned(), "c: d".to_owned()]),
            "no source has credentials\n  - a: b\n  - c: d",
            &[],
        ),
    ];
    for (error, text, sources) in table {
        assert_eq!(error.to_string(), text);
        let first = error.source();
        let chain = std::iter::successors(first, |it| (*it).source()).map(ToString::to_string);
        assert_eq!(chain.collect::<Vec<_>>(), sources, "{text}");
    }
}

#[test]
fn the_alternate_form_has_the_sources_behind_what_happened() {
    let source = io::Error::other(Wrapper(io::Error::other("refused")));
    let error = Error::config("a").with_source(source).with_attempts(Hop::Upload, 2);
    let error = error.with_advice("do b");
    let expected = "a (while uploading the picture, after 2 attempts): wrapped: refused; do b";
    assert_eq!(format!("{error:#}"), expected);
}

#[test]
fn finds_the_page_that_the_service_recommends() {
    for (recommend, url) in [
        ("https://help/a?b=c", Some("https://help/a?b=c")),
        ("See (http://help/a), please.", Some("http://help/a")),
        ("Read https://help/a.", Some("https://help/a")),
        ("try again later", None),
        ("", None),
    ] {
        assert_eq!(recommending(recommend).help_url(), url, "{recommend}");
    }
}

/// An error with a source, as transports return them.
#[derive(Debug)]
struct Wrapper(io::Error);

impl fmt::Display for Wrapper {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("wrapped")
    }
}

impl StdError for Wrapper {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}
