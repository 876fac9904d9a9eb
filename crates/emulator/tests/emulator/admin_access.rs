//! The admin API: who may use it.

use std::net::SocketAddr;

use imagesearch_emulator::{Emulator, EmulatorBuilder, StartError};

use crate::admin::asking;
use crate::wire::Answer;

/// All routes that are guarded, with a method that they take.
const GUARDED: [(&str, &str); 27] = [
    ("GET", "/info"),
    ("GET", "/instances"),
    ("GET", "/instances/demo"),
    ("PUT", "/instances/demo"),
    ("DELETE", "/instances/demo"),
    ("POST", "/reset"),
    ("GET", "/requests"),
    ("DELETE", "/requests"),
    ("GET", "/clock"),
    ("POST", "/clock"),
    ("GET", "/faults"),
    ("PUT", "/faults"),
    ("DELETE", "/faults"),
    ("GET", "/faults/catalogue"),
    ("GET", "/metrics"),
    ("GET", "/executions/call"),
    ("POST", "/shutdown"),
    ("POST", "/seed"),
    ("GET", "/snapshots"),
    ("POST", "/snapshots/s"),
    ("DELETE", "/snapshots/s"),
    ("POST", "/snapshots/s/restore"),
    ("GET", "/buckets/b"),
    ("GET", "/instances/demo/images"),
    ("GET", "/instances/demo/thumbnail?product_id=1&pic_name=1"),
    ("POST", "/instances/demo/search"),
    ("GET", "/nothing"),
];

/// The console page, which asks for the token before it asks for anything else.
const PAGE: [&str; 4] = ["/", "/console/console.js", "/console/base.css", "/console/icon.svg"];

fn send(emulator: &Emulator, (method, path): (&str, &str), headers: &[(&str, &str)]) -> Answer {
    let mut request = asking(emulator, method, path, "");
    for (name, value) in headers {
        let (name, value) = ((*name).to_owned(), (*value).to_owned());
        match request.headers.iter_mut().find(|(it, _)| *it == name) {
            Some(header) => header.1 = value,
            None => request.headers.push((name, value)),
        }
    }
    request.send(emulator)
}

fn started(builder: EmulatorBuilder) -> Emulator {
    builder.start().unwrap()
}

fn error(answer: &Answer) -> String {
    answer.json()["error"].as_str().unwrap_or_else(|| panic!("no error: {answer:?}")).to_owned()
}

#[test]
fn without_the_token_nothing_but_health_the_certificate_and_the_page() {
    let emulator = started(Emulator::builder().admin_token("hush"));
    assert_eq!(emulator.admin_token(), Some("hush"));
    for route in GUARDED {
        for headers in [
            &[][..],
            &[("authorization", "Bearer other")],
            &[("authorization", "Bearer")],
            &[("authorization", "hush")],
            &[("authorization", "Basic hush")],
        ] {
            let answer = send(&emulator, route, headers);
            assert_eq!(answer.status, 401, "{route:?} {headers:?}");
            assert!(!error(&answer).contains("hush"), "{answer:?}");
        }
    }
    for path in ["/health", "/ca.pem"].into_iter().chain(PAGE) {
        assert_eq!(send(&emulator, ("GET", path), &[]).status, 200, "{path}");
    }
    let right = [("authorization", "bearer hush"), ("host", "emulator:18443")];
    assert_eq!(send(&emulator, ("GET", "/info"), &right).status, 200);
}

#[test]
fn an_address_that_others_reach_wants_a_token() {
    let any: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let emulator = started(Emulator::builder().listen(any));
    let token = emulator.admin_token().expect("a token is drawn").to_owned();
    assert_eq!(token.len(), 32);
    let other = started(Emulator::builder().listen(any));
    assert_ne!(other.admin_token(), Some(&*token));
    assert_eq!(started(Emulator::builder()).admin_token(), None);
    let off = started(Emulator::builder().listen(any).no_admin());
    assert_eq!(off.admin_token(), None);
    for bad in ["", "a b", "ä"] {
        let refused = Emulator::builder().admin_token(bad).start();
        assert!(matches!(refused, Err(StartError::AdminToken)), "{bad:?}");
    }
}

#[test]
fn switched_off_is_all_but_health_and_the_certificate() {
    let emulator = started(Emulator::builder().no_admin());
    for route in PAGE.map(|path| ("GET", path)).into_iter().chain(GUARDED) {
        let answer = send(&emulator, route, &[]);
        assert_eq!(answer.status, 404, "{route:?}");
        assert!(error(&answer).contains("--no-admin"), "{answer:?}");
    }
    for path in ["/health", "/ca.pem"] {
        assert_eq!(send(&emulator, ("GET", path), &[]).status, 200, "{path}");
    }
}

#[test]
fn names_that_others_may_own_are_refused() {
    let emulator = started(Emulator::builder().public_host("oss.emulator:18443"));
    for (host, status) in [
        ("127.0.0.1", 200),
        ("127.0.0.2:80", 200),
        ("[::1]:18443", 200),
        ("LOCALHOST:18443", 200),
        ("oss.emulator", 200),
        ("oss.emulator:18443", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403),
        ("10.0.0.1", 403),
        ("", 403),
    ] {
        let answer = send(&emulator, ("GET", "/info"), &[("host", host)]);
        assert_eq!(answer.status, status, "{host}: {answer:?}");
    }
    for route in GUARDED {
        let answer = send(&emulator, route, &[("host", "evil.example")]);
        assert_eq!(answer.status, 403, "{route:?}");
        assert!(error(&answer).contains("`evil.example`"), "{answer:?}");
    }
    let health = send(&emulator, ("GET", "/health"), &[("host", "evil.example")]);
    assert_eq!(health.status, 200);
}

#[test]
fn pages_of_other_sites_change_nothing() {
    let emulator = started(Emulator::builder());
    let ours = emulator.url().to_owned();
    for (headers, status) in [
        (&[("origin", &*ours)][..], 200),
        (&[("origin", &*ours), ("sec-fetch-site", "same-origin")], 200),
        (&[("sec-fetch-site", "none")], 200),
        (&[("origin", "http://evil.example")], 403),
        (&[("origin", "http://127.0.0.1:1")], 403),
        (&[("origin", "null")], 403),
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("origin", &*ours), ("sec-fetch-site", "same-site")], 403),
    ] {
        let answer = send(&emulator, ("POST", "/reset"), headers);
        assert_eq!(answer.status, status, "{headers:?}: {answer:?}");
    }
    for (method, path) in GUARDED.into_iter().filter(|(method, _)| *method != "GET") {
        let answer = send(&emulator, (method, path), &[("origin", "http://evil.example")]);
        assert_eq!(answer.status, 403, "{method} {path}");
    }
    // Pages of others may ask, but browsers do not let them read the answer.
    let answer = send(&emulator, ("GET", "/info"), &[("origin", "http://evil.example")]);
    assert_eq!(answer.status, 200);
    assert!(!answer.headers.keys().any(|name| name.starts_with("access-control-")), "{answer:?}");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["cross-origin-resource-policy"], "same-origin");
    let token = started(Emulator::builder().admin_token("hush"));
    let headers = [("authorization", "Bearer hush"), ("origin", "http://evil.example")];
    assert_eq!(send(&token, ("POST", "/reset"), &headers).status, 403);
}

#[test]
fn mistakes_are_told_in_json() {
    let emulator = started(Emulator::builder());
    for (method, path, status) in [
        ("GET", "/nothing", 404),
        ("GET", "/instances/none", 404),
        ("DELETE", "/instances/none", 404),
        ("POST", "/info", 405),
        ("PATCH", "/instances/demo", 405),
        ("GET", "/requests?since=x", 400),
        ("GET", "/requests?colour=red", 400),
    ] {
        let answer = send(&emulator, (method, path), &[]);
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(!error(&answer).is_empty());
    }
    let mut large = asking(&emulator, "POST", "/reset", "");
    large.body = vec![b' '; 1024 * 1024 + 1];
    let answer = large.send(&emulator);
    assert_eq!((answer.status, error(&answer).contains("1048576")), (413, true), "{answer:?}");
}
