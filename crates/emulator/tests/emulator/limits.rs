//! What no input may do: hang, crash, or take the server away from others.

use imagesearch_emulator::{Auth, Emulator, EmulatorBuilder, StartError};
use proptest::prelude::*;

use crate::pictures::png;
use crate::wire::{Unsigned, exchange, start};

#[test]
fn health_is_told_without_a_signature() {
    let emulator = start(Emulator::builder());
    let answer = exchange(
        &emulator,
        b"GET /_emulator/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["status"], "ready");
}

#[test]
fn other_paths_do_not_exist() {
    let emulator = start(Emulator::builder());
    for path in ["/v2/image/update", "/item", "/item/add/", "/%2F"] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        );
        let answer = exchange(&emulator, request.as_bytes());
        assert_eq!(answer.error(), (404, "InvalidApi.NotFound".to_owned()), "{path}");
    }
}

#[test]
fn bodies_are_read_up_to_sixteen_mebibytes() {
    let emulator = start(Emulator::builder().auth(Auth::Off));
    let body = "x".repeat(17 * 1024 * 1024);
    let form = [("InstanceName", body.as_str())];
    let answer = Unsigned::new("Detail", &form, "n").acs3(&emulator).send(&emulator);
    assert!(answer.status == 413 || answer.status == 0, "{}", answer.status);
    let health = exchange(
        &emulator,
        b"GET /_emulator/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    assert_eq!(health.status, 200);
}

#[test]
fn a_public_host_needs_a_dot() {
    for (host, fits) in [("localhost:80", false), ("http://a.b", false), ("oss.emulator:80", true)]
    {
        let started: Result<Emulator, StartError> =
            EmulatorBuilder::default().public_host(host).start();
        assert_eq!(started.is_ok(), fits, "{host}");
    }
}

#[test]
fn a_taken_port_is_an_error_that_names_it() {
    let first = Emulator::builder().start().unwrap();
    let error = Emulator::builder().listen(first.local_addr()).start().unwrap_err();
    assert!(error.to_string().contains(&first.local_addr().to_string()), "{error}");
}

#[test]
fn many_calls_at_once_are_answered() {
    let emulator = start(Emulator::builder().auth(Auth::Off));
    let picture = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, png(1));
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (emulator, picture) = (&emulator, &picture);
            scope.spawn(move || {
                let name = number.to_string();
                let form = [
                    ("InstanceName", "demo"),
                    ("ProductId", "1"),
                    ("PicName", &name),
                    ("PicContent", picture),
                ];
                let answer = Unsigned::new("AddImage", &form, "n").acs3(emulator).send(emulator);
                assert_eq!(answer.status, 200, "{answer:?}");
            });
        }
    });
    let detail =
        Unsigned { query: &[("InstanceName", "demo")], ..Unsigned::new("Detail", &[], "n") };
    let detail = detail.acs3(&emulator).send(&emulator).json();
    assert_eq!(detail["Instance"]["TotalCount"], 8);
    assert!(detail["Instance"]["UtcCreate"].is_string(), "{detail}");
}

#[test]
fn no_request_crashes_the_server() {
    let emulator = start(Emulator::builder());
    let line = prop_oneof![
        Just("POST /".to_owned()),
        Just("GET /?Signature=a".to_owned()),
        "POST /\\?[A-Za-z0-9%+=&]{0,40}",
        "POST /(item/(add|search)|v2/image/delete)(\\?instanceName=[a-z%=&]{0,8})?",
    ];
    let headers = prop::collection::vec(
        prop_oneof![
            Just("x-acs-action: AddImage".to_owned()),
            "x-acs-version: (2020-12-14|2019-03-25|2018-01-20)",
            Just("content-type: application/x-www-form-urlencoded".to_owned()),
            Just("content-type: multipart/form-data; boundary=B".to_owned()),
            "authorization: ACS3-HMAC-SHA256 [A-Za-z=,;-]{0,60}",
            "authorization: acs [A-Za-z:=]{0,40}",
            "(content-md5|date): [A-Za-z0-9:,+ =]{0,30}",
            "x-acs-date: [0-9TZ:-]{0,24}",
        ],
        0..6,
    );
    let body = prop::collection::vec(any::<u8>(), 0..200);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(200));
    let run = runner.run(&(line, headers, body), |(line, headers, body)| {
        let mut request = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
        for header in headers {
            request.push_str(&header);
            request.push_str("\r\n");
        }
        request.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        let mut request = request.into_bytes();
        request.extend_from_slice(&body);
        let answer = exchange(&emulator, &request);
        prop_assert!((400..500).contains(&answer.status), "{:?}", answer);
        Ok(())
    });
    run.unwrap();
}
