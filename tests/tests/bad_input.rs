//! What people get wrong: each is one clear message, and nothing is sent that should not be.

use std::{env, process::Command, time::Duration};

use imagesearch_core::{
    ClientBuilder, Credentials, Error, ErrorKind, Image, Region, RetryPolicy, client::FromConfig,
    image::ImageLimits, operation::Paging, operations::OPERATIONS, parameters::Parameters,
    requests::RawRequest, retry::FullJitter, validate::validate,
};
use imagesearch_tests::{
    fake::answer,
    pictures::{jpeg_with_orientation, png},
    scripted_server::closed_port,
    wire::{self, Async, Blocking, Caller, KEY, SECRET, Wire, raw_call, runtime, swift_retry},
};

const TOKEN: &str = "testtoken";

/// Calls an operation with both clients and returns their errors, which are the same in substance.
fn errors(wire: &Wire, call: &RawRequest) -> [Error; 2] {
    let clients: [Box<dyn Caller>; 2] = [Box::new(wire.blocking()), Box::new(wire.asynchronous())];
    clients.map(|client| client.call("shop", call.clone()).expect_err("is refused"))
}

#[track_caller]
fn says(error: &Error, words: &[&str]) {
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "no {word:?} in {text:?}");
    }
}

/// Tries to make both clients and returns their errors.
fn refused<'a>(
    blocking: impl Fn(
        ClientBuilder<imagesearch_blocking::Client>,
    ) -> ClientBuilder<imagesearch_blocking::Client>
    + 'a,
    asynchronous: impl Fn(
        ClientBuilder<imagesearch_async::Client>,
    ) -> ClientBuilder<imagesearch_async::Client>
    + 'a,
) -> [Error; 2] {
    [
        blocking(ClientBuilder::default()).build().expect_err("is refused"),
        asynchronous(ClientBuilder::default()).build().expect_err("is refused"),
    ]
}

#[test]
fn settings_that_cannot_work_are_named_when_the_client_is_made() {
    macro_rules! both {
        ($setting:expr) => {
            refused($setting, $setting)
        };
    }
    let url = "https://imagesearch.cn-shanghai.aliyuncs.com";
    let cases: [([Error; 2], &[&str]); 9] = [
        (both!(|it| it), &["neither a region nor an endpoint", "cn-shanghai"]),
        (both!(|it| it.with_region(url)), &["region", url]),
        (both!(|it| it.with_region("")), &["region"]),
        (both!(|it| it.with_endpoint("https://host/path")), &["endpoint", "no path"]),
        (both!(|it| it.with_endpoint("http://images.example")), &["not be encrypted", "https://"]),
        (
            both!(|it| it.with_region("cn-shanghai").with_proxy("no proxy at all")),
            &["the proxy's URL is invalid"],
        ),
        (
            both!(|it| it.with_region("cn-shanghai").with_proxy("http://user:p#s@proxy:8080")),
            &["the proxy's URL is invalid", "percent-encoded"],
        ),
        (
            both!(|it| it.with_region("cn-shanghai").with_proxy("http://proxy:99999")),
            &["the proxy's URL is invalid", "http://user:password@proxy.example:8080"],
        ),
        (
            both!(|it| it.with_region("cn-shanghai").with_tls_roots(["not DER".into()])),
            &["a certificate of the TLS roots is not valid", "DER"],
        ),
    ];
    for (errors, words) in cases {
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Config, "{error}");
            says(&error, words);
        }
    }
}

#[test]
fn the_longest_times_are_taken_as_such() {
    fn settings<C: FromConfig>(url: &str) -> ClientBuilder<C> {
        wire::settings(url)
            .with_connect_timeout(Duration::MAX)
            .with_attempt_timeout(Duration::MAX)
            .with_timeout(Duration::MAX)
            .with_retry(
                RetryPolicy::default()
                    .with_max_attempts(1)
                    .with_backoff(FullJitter::default().with_max_delay(Duration::MAX))
                    .with_max_retry_after(Duration::MAX),
            )
    }
    let wire = Wire::start();
    let nobody = closed_port();
    for (url, kind) in [(wire.uri(), ErrorKind::UnexpectedResponse), (nobody, ErrorKind::Connect)] {
        let clients: [Box<dyn Caller>; 2] = [
            Box::new(Blocking(settings(&url).build().unwrap())),
            Box::new(Async(settings(&url).build().unwrap(), wire.runtime())),
        ];
        for client in clients {
            let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
            assert_eq!(error.kind(), kind, "{}: {error}", client.name());
        }
    }
}

#[test]
fn a_misspelt_region_is_explained_when_its_host_is_not_found() {
    // A proxy that nobody listens at keeps the test on this machine.
    let proxy = closed_port();
    let region = "cn-shangai";
    let own = |builder: ClientBuilder<_>| builder.with_region(region).with_credentials(key());
    fn key() -> Credentials {
        Credentials::access_key(KEY, SECRET)
    }
    let blocking: imagesearch_blocking::Client =
        own(ClientBuilder::default()).with_proxy(&proxy).with_retry(swift_retry()).build().unwrap();
    let asynchronous: imagesearch_async::Client = ClientBuilder::default()
        .with_region(region)
        .with_credentials(key())
        .with_proxy(&proxy)
        .with_retry(swift_retry())
        .build()
        .unwrap();
    let runtime = runtime();
    let clients: [Box<dyn Caller>; 2] =
        [Box::new(Blocking(blocking)), Box::new(Async(asynchronous, &runtime))];
    for client in clients {
        let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{}: {error}", client.name());
        says(&error, &["cn-shangai", "did you mean `cn-shanghai`"]);
    }
}

#[test]
fn pictures_that_the_service_refuses_are_not_sent() {
    let wire = Wire::start();
    let mut large = png(640, 480);
    large.resize(5 * 1024 * 1024, 0);
    let cases: [(&str, Vec<u8>, &[&str]); 5] = [
        ("5 MB", large, &["picture is 5,242,880 bytes (5 MiB)", "4,194,304 bytes (4 MiB)"]),
        ("rotated", jpeg_with_orientation(6), &["EXIF orientation", "rotat"]),
        ("text", b"{\"not\":\"a picture\"}".to_vec(), &["PicContent", "JPEG"]),
        ("empty", Vec::new(), &["PicContent", "empty"]),
        ("tiny", png(99, 99), &["99x99 pixels", "100 to 4096"]),
    ];
    for (name, bytes, words) in cases {
        let parameters = Parameters::new()
            .with("ProductId", "1000")
            .with("PicName", "front")
            .with("PicContent", Image::from(bytes));
        for error in errors(&wire, &raw_call("AddImage", &parameters)) {
            assert_eq!(error.kind(), ErrorKind::Invalid, "{name}: {error}");
            assert_eq!(error.violations().len(), 1, "{name}: {error}");
            says(&error, words);
        }
    }
    assert_eq!(wire.take().len(), 0, "nothing may be sent");
}

#[test]
fn an_upright_jpeg_is_sent() {
    let wire = Wire::start();
    let picture = Image::from(jpeg_with_orientation(1));
    let call = raw_call("SearchImageByPic", &Parameters::new().with("PicContent", picture));
    for error in errors(&wire, &call) {
        assert_ne!(error.kind(), ErrorKind::Invalid, "{error}");
    }
    assert!(!wire.take().is_empty());
}

#[test]
fn a_filter_with_a_typo_is_shown_with_its_place() {
    let wire = Wire::start();
    for (filter, words) in [
        ("int_attr == 1", &["Filter", "`==`", "did you mean `=`"][..]),
        ("int_atr = 1", &["Filter", "int_atr", "int_attr"][..]),
        ("str_attr = 'red'", &["Filter"][..]),
        ("int_attr = 1 AND", &["Filter"][..]),
    ] {
        let call = RawRequest::new("SearchImageByFilter").parameter("Filter", filter);
        for error in errors(&wire, &call) {
            assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
            says(&error, words);
        }
    }
    assert_eq!(wire.take().len(), 0, "nothing may be sent");
}

#[test]
fn something_else_than_the_service_is_shown_as_it_answers() {
    let wire = Wire::start();
    for (status, body, words) in [
        (200, "<!DOCTYPE html><title>Log in</title>", &["not a JSON object", "<title>Log in"][..]),
        (502, "<html>Bad Gateway</html>", &["HTTP 502", "Bad Gateway", "after 3 attempts"][..]),
        (404, "no such page", &["HTTP 404", "no such page"][..]),
        (200, r#"{"Success":tr"#, &["not a JSON object", "Success"][..]),
        (200, "", &["not a JSON object"][..]),
        (200, "\u{feff}[]", &["not a JSON object"][..]),
    ] {
        wire.answer_with(move |_| answer(status, body));
        for error in errors(&wire, &RawRequest::new("Detail")) {
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}: {error}");
            assert_eq!(error.http_status(), Some(status));
            says(&error, words);
        }
    }
}

#[test]
fn missing_credentials_are_named_and_nothing_is_sent() {
    // In a process of its own, as the variables may be set here.
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "without_credentials", "--ignored", "--nocapture"]);
    // Neither files of the user who runs this are read, nor hosts of the network asked.
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("ALIBABA_CLOUD_") {
            child.env_remove(name);
        }
    }
    child.env("HOME", "/does/not/exist").env_remove("USERPROFILE");
    child.env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    let output = child.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[test]
#[ignore = "run by `missing_credentials_are_named_and_nothing_is_sent`"]
fn without_credentials() {
    let wire = Wire::start();
    let blocking = imagesearch_blocking::Client::builder().with_emulator(&wire.uri());
    let asynchronous = imagesearch_async::Client::builder().with_emulator(&wire.uri());
    let clients: [Box<dyn Caller>; 2] = [
        Box::new(Blocking(blocking.build().unwrap())),
        Box::new(Async(asynchronous.build().unwrap(), wire.runtime())),
    ];
    for client in clients {
        let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
        says(&error, &["ALIBABA_CLOUD_ACCESS_KEY_ID is not set", "pass credentials to the client"]);
    }
    assert_eq!(wire.take().len(), 0, "nothing may be sent");
}

#[test]
fn credentials_that_no_header_takes_are_refused_before_anything_is_sent() {
    let wire = Wire::start();
    for credentials in [
        Credentials::access_key("id\n", SECRET),
        Credentials::sts(KEY, SECRET, "testtoken\r\nx-evil: 1"),
        Credentials::bearer("testtoken\n"),
    ] {
        let call = || RawRequest::new("Detail");
        let blocking = wire.blocking().0.instance("shop").raw(call());
        let asynchronous = wire.asynchronous().0.instance("shop").raw(call());
        let errors = [
            blocking.with_credentials(credentials.clone()).send().unwrap_err(),
            wire.runtime().block_on(asynchronous.with_credentials(credentials).send()).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
            says(&error, &["header", "cannot carry", "line breaks"]);
            assert!(!error.to_string().contains(TOKEN), "{error}");
        }
    }
    assert_eq!(wire.take().len(), 0, "nothing may be sent");
}

#[test]
fn the_region_that_was_meant_is_only_a_suggestion() {
    // A region that this version does not know may well exist.
    let region: Region = "ap-southeast-99".parse().unwrap();
    let client = imagesearch_blocking::Client::builder().with_region(region).build();
    assert!(client.is_ok());
}

#[test]
fn counts_cannot_be_negative() {
    let mut counts = 0;
    for operation in OPERATIONS {
        let names = match operation.paging {
            Some(Paging::Offset { start, size, .. }) => [start, size],
            Some(Paging::Number { page, size, .. }) => [page, size],
            _ => continue,
        };
        for name in names {
            let parameters = Parameters::new().with(name, -1_i64);
            let violations = validate(operation, &parameters, &ImageLimits::DEFAULT, &[]);
            let found = violations.iter().any(|it| it.parameter == name);
            assert!(found, "{} takes {name} = -1: {violations:?}", operation.name);
            counts += 1;
        }
    }
    assert!(counts >= 12, "only {counts} parameters count rows or pages");
}
