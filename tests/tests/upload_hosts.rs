//! Where a picture goes that an authorization sends somewhere, and where it does not.

use imagesearch_core::{
    ErrorKind, Image, client::CallOptions, errors::Hop, exchange::PreparedCall, image::ImageLimits,
    requests::RawRequest,
};
use imagesearch_tests::{
    fake::{FakeClient, Script, VirtualClock},
    pictures::png,
    wire::{KEY, SECRET},
};

/// Uploads by an authorization and returns the host, or the error without one.
fn upload(client: &FakeClient, bucket: &str, endpoint: &str) -> Result<String, String> {
    let authorization = serde_json::json!({
        "AccessKeyId": "k", "Bucket": bucket, "Endpoint": endpoint, "ObjectKey": "o",
        "EncodedPolicy": "p", "Signature": "s", "UseAccelerate": true,
    });
    let script = Script::default()
        .answer(Hop::Authorize, 200, &authorization.to_string())
        .answer(Hop::Upload, 201, "")
        .answer(Hop::Invoke, 200, "{}");
    let call =
        RawRequest::new("SearchImageByPic").parameter("PicContent", Image::from(png(100, 100)));
    let call = PreparedCall::raw(call, "shop", ImageLimits::DEFAULT, CallOptions::default());
    let (result, log) = client.begin(call, &VirtualClock::default(), script).unwrap().finish();
    let uploaded = log.of(Hop::Upload).next().map(|sent| {
        let host = sent.request.uri().authority().unwrap().to_string();
        assert_eq!(sent.header("host"), Some(&*host), "two hosts in one request");
        host
    });
    match (result, uploaded) {
        (Ok(_), Some(host)) => Ok(host),
        (Err(error), None) => {
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{error}");
            assert!(!error.is_retryable(), "{error}");
            assert!(!error.to_string().contains(['\r', '\n', '\0']), "{error}");
            Err(error.to_string())
        }
        (result, uploaded) => panic!("{bucket} {endpoint}: {result:?}, sent to {uploaded:?}"),
    }
}

fn builder() -> imagesearch_core::ClientBuilder<FakeClient> {
    FakeClient::builder()
        .with_region("cn-shanghai")
        .with_credentials(imagesearch_core::Credentials::access_key(KEY, SECRET))
}

#[test]
fn pictures_go_below_aliyuncs_com_and_nowhere_else() {
    let client = builder().build().unwrap();
    for (bucket, endpoint, host) in [
        ("b", "oss-cn-shanghai.aliyuncs.com", Some("b.oss-cn-shanghai.aliyuncs.com")),
        ("B", "OSS-cn-shanghai.ALIYUNCS.com", Some("b.oss-cn-shanghai.aliyuncs.com")),
        ("b", "xn--bcher-kva.aliyuncs.com", Some("b.xn--bcher-kva.aliyuncs.com")),
        // Another domain that looks like it.
        ("b", "aliyuncs.com.evil.com", None),
        ("b", "evil-aliyuncs.com", None),
        ("b", "evilaliyuncs.com", None),
        ("evil", "com", None),
        ("b", "aliyuncs.com.", None),
        ("b", "oss.aliyuncs.com.", None),
        ("b", "oss..aliyuncs.com", None),
        ("b.", "aliyuncs.com", None),
        ("b", "oss.aliyuncs.co", None),
        ("b", "oss.aliyuncs.comx", None),
        // Letters of other alphabets, as such and as punycode; dots that are none.
        ("b", "oss.\u{430}liyuncs.com", None),
        ("b", "oss.xn--liyuncs-2fg.com", None),
        ("b", "oss\u{3002}aliyuncs.com", None),
        ("b", "oss.aliyuncs\u{ff0e}com", None),
        ("b", "evil.com\u{2044}.aliyuncs.com", None),
        // Whatever ends the host before its end.
        ("b", "evil.com/.aliyuncs.com", None),
        ("b", "evil.com?.aliyuncs.com", None),
        ("b", "evil.com#.aliyuncs.com", None),
        ("b", "evil.com\\.aliyuncs.com", None),
        ("evil.com/", "oss.aliyuncs.com", None),
        ("evil.com#", "oss.aliyuncs.com", None),
        ("evil.com\\", "oss.aliyuncs.com", None),
        ("https://evil.com/b", "oss.aliyuncs.com", None),
        // User names.
        ("b", "oss.aliyuncs.com@evil.com", None),
        ("b", "evil.com@oss.aliyuncs.com", None),
        ("user:password@evil.com", "oss.aliyuncs.com", None),
        // Ports.
        ("b", "oss.aliyuncs.com:443", None),
        ("b", "oss.aliyuncs.com:8443", None),
        ("b", "oss.aliyuncs.com:", None),
        ("evil.com:443", "oss.aliyuncs.com", None),
        // Addresses.
        ("127", "0.0.1", None),
        ("10", "0.0.1", None),
        ("[", ":1]", None),
        ("0x7f", "1", None),
        // Blanks, control characters and escapes.
        ("b", " oss.aliyuncs.com", None),
        ("b", "oss.aliyuncs.com ", None),
        ("b", "oss.aliyuncs.com\t", None),
        ("b", "evil.com\r\nX: .aliyuncs.com", None),
        ("b", "evil.com\0.aliyuncs.com", None),
        ("b", "evil.com%2f.aliyuncs.com", None),
        ("b", "evil.com%00.aliyuncs.com", None),
        ("b", "evil.com;.aliyuncs.com", None),
        ("b", "evil.com,.aliyuncs.com", None),
        ("b", "evil.com'.aliyuncs.com", None),
        ("b", "evil.com$.aliyuncs.com", None),
    ] {
        let got = upload(&client, bucket, endpoint);
        assert_eq!(got.as_deref().ok(), host, "{bucket:?} {endpoint:?}: {got:?}");
        if let Err(error) = got {
            assert!(error.contains("not under aliyuncs.com"), "{error}");
        }
    }
}

#[test]
fn the_ways_inside_the_network_and_accelerated_are_checked_alike() {
    let inside = builder().with_vpc(true).build().unwrap();
    let accelerated = builder().with_upload_acceleration(true).build().unwrap();
    for (client, bucket, endpoint, host) in [
        (
            &inside,
            "b",
            "oss-cn-shanghai.aliyuncs.com",
            Some("b.oss-cn-shanghai-internal.aliyuncs.com"),
        ),
        (&inside, "b", "oss-cn-x-internal.aliyuncs.com", Some("b.oss-cn-x-internal.aliyuncs.com")),
        (&inside, "b", "aliyuncs.com.evil.com", None),
        (&inside, "evil.com/", "oss.aliyuncs.com", None),
        (&accelerated, "b", "oss-cn-shanghai.aliyuncs.com", Some("b.oss-accelerate.aliyuncs.com")),
        (&accelerated, "evil.com/", "oss.aliyuncs.com", None),
        (&accelerated, "b@evil.com:443/", "oss.aliyuncs.com", None),
    ] {
        let got = upload(client, bucket, endpoint);
        assert_eq!(got.as_deref().ok(), host, "{bucket:?} {endpoint:?}: {got:?}");
    }
}

#[test]
fn a_trusted_host_is_that_host_with_that_port() {
    let client = builder().with_trusted_upload_host("http://b.127.0.0.1:8080");
    let client = client.with_insecure_http(true).build().unwrap();
    for (bucket, endpoint, host) in [
        ("b", "127.0.0.1:8080", Some("b.127.0.0.1:8080")),
        ("b", "127.0.0.1:8081", None),
        ("b", "127.0.0.1", None),
        ("c", "127.0.0.1:8080", None),
        ("c.b", "127.0.0.1:8080", None),
        ("x@b", "127.0.0.1:8080", None),
    ] {
        let got = upload(&client, bucket, endpoint);
        assert_eq!(got.as_deref().ok(), host, "{bucket:?} {endpoint:?}: {got:?}");
    }
}
