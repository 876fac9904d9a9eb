//! `http://` leaves the machine only where somebody has said so.

use imagesearch_core::{ClientBuilder, ErrorKind};
use imagesearch_tests::fake::FakeClient;

type Setup = fn(ClientBuilder<FakeClient>) -> ClientBuilder<FakeClient>;

#[test]
fn public_hosts_need_https_or_an_opt_in() {
    let public: [(&str, Setup); 4] = [
        ("api", |it| it.with_endpoint("http://api.example")),
        ("emulator", |it| it.with_emulator("http://emulator.example:8080")),
        ("open platform", |it| it.with_open_platform_endpoint("http://open.example")),
        ("upload host", |it| it.with_trusted_upload_host("http://oss.example")),
    ];
    for (name, setup) in public {
        let builder = || setup(FakeClient::builder().with_region("cn-shanghai"));
        let error = builder().build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{name}: {error}");
        for words in [".example", "not be encrypted", "with_insecure_http(true)"] {
            assert!(error.to_string().contains(words), "{name}: {error}");
        }
        assert!(builder().with_insecure_http(true).build().is_ok(), "{name}");
    }
}

#[test]
fn this_machine_needs_none() {
    for url in ["http://127.0.0.1:1", "http://localhost", "http://[::1]:8080"] {
        assert!(FakeClient::builder().with_emulator(url).build().is_ok(), "{url}");
    }
}
