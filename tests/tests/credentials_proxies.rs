//! Requests for credentials to this machine bypass proxies, which would get the key.

use std::{fs, sync::Arc};

use imagesearch_core::{
    Credentials, ErrorKind,
    client::Endpoint,
    credentials::{
        CredentialsProvider, CredentialsUriProvider, EcsRamRoleProvider, OidcRoleProvider,
        ProfileProvider, RamRoleArnProvider,
    },
    errors::Hop,
    requests::RawRequest,
};
use imagesearch_tests::{
    fake::answer,
    scripted_server::closed_port,
    wire::{Async, Blocking, Caller, KEY, SECRET, Wire, settings},
};

#[test]
fn requests_to_this_machine_go_past_proxies() {
    let wire = Wire::start();
    let key = r#"{
        "AccessKeyId": "k", "AccessKeySecret": "testsecret", "SecurityToken": "testtoken",
        "Expiration": "2126-01-02T04:04:05Z"
    }"#;
    let all = format!(r#"{{"Credentials": {key}, "CloudCredential": {key}, {}"#, &key[1..]);
    wire.answer_with(move |_| answer(200, &all));
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let token = file("token", "testtoken");
    let login = format!(
        r#"{{"current": "a", "profiles": [{{
            "name": "a", "mode": "CloudSSO", "cloud_sso_sign_in_url": "{}/start/login",
            "cloud_sso_account_id": "1", "cloud_sso_access_config": "ac",
            "access_token": "testtoken", "cloud_sso_access_token_expire": 4891363200
        }}]}}"#,
        wire.uri()
    );
    let login = file("config.json", &login);
    let here = || wire.uri().parse::<Endpoint>().unwrap();
    let source = Credentials::access_key(KEY, SECRET);
    let role = "acs:ram::1:role/r";
    let providers: [Arc<dyn CredentialsProvider>; 5] = [
        Arc::new(RamRoleArnProvider::new(source, role).with_sts_endpoint(here())),
        Arc::new(OidcRoleProvider::new(role, "acs:ram::1:p", token).with_sts_endpoint(here())),
        Arc::new(ProfileProvider::new().with_file(login)),
        Arc::new(CredentialsUriProvider::new(format!("{}/key", wire.uri()))),
        Arc::new(EcsRamRoleProvider::new().with_role_name("r").with_metadata_endpoint(here())),
    ];
    let proxy = closed_port();
    for provider in providers {
        let blocking = settings("http://127.0.0.1:1").with_proxy(&proxy);
        let asynchronous = settings("http://127.0.0.1:1").with_proxy(&proxy);
        let clients: [Box<dyn Caller>; 2] = [
            Box::new(Blocking(blocking.with_credentials(Arc::clone(&provider)).build().unwrap())),
            Box::new(Async(
                asynchronous.with_credentials(Arc::clone(&provider)).build().unwrap(),
                wire.runtime(),
            )),
        ];
        for client in clients {
            let who = format!("{provider:?} ({})", client.name());
            let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connect, "{who}: {error}");
            assert_eq!(error.hop(), Some(Hop::Invoke), "{who}: {error}");
            assert!(!wire.take().is_empty(), "{who}");
        }
    }
}
