//! Credentials that the service refuses as expired: fetched anew once, if their source has newer ones.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use imagesearch_core::{
    Credentials, Error, ErrorKind, RetryPolicy,
    client::CallOptions,
    credentials::{CredentialsFuture, CredentialsProvider, FetchContext},
    errors::{ErrorCode, Hop, RetryClass},
    exchange::{PreparedCall, RawResponse},
    image::ImageLimits,
    requests::RawRequest,
    retry::{FailedAttempt, RetryClassifier},
};
use imagesearch_tests::fake::{FakeClient, Log, Script, VirtualClock};

const EXPIRED: &str =
    r#"{"Code":"InvalidSecurityToken.Expired","Message":"too old","RequestId":"R-1"}"#;

/// Hands out keys in turn; where the list ends, it fails.
#[derive(Clone, Debug)]
struct Keys {
    ids: &'static [&'static str],
    fetched: Arc<AtomicUsize>,
}

impl CredentialsProvider for Keys {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let index = self.fetched.fetch_add(1, Ordering::Relaxed);
        let id = self.ids.get(index).copied();
        Box::pin(async move {
            let expires = context.now().system.saturating_add(Duration::from_secs(3_600));
            match id {
                Some(id) => {
                    Ok(Credentials::sts(id, "testsecret", "testtoken").with_expiry(expires))
                }
                None => Err(Error::new(ErrorKind::Credentials, "no more keys")),
            }
        })
    }
}

fn keys(ids: &'static [&'static str]) -> (FakeClient, Keys) {
    let keys = Keys { ids, fetched: Arc::default() };
    let builder = FakeClient::builder().with_region("cn-shanghai");
    (builder.with_credentials(keys.clone()).build().unwrap(), keys)
}

/// Calls with answers in turn: whether each is a refusal.
fn call(
    client: &FakeClient,
    clock: &VirtualClock,
    options: CallOptions,
    refusals: &[bool],
) -> (Result<RawResponse, Error>, Log) {
    let script = refusals.iter().fold(Script::default(), |script, refused| match refused {
        true => script.answer(Hop::Invoke, 400, EXPIRED),
        false => script.answer(Hop::Invoke, 200, "{}"),
    });
    let call = PreparedCall::raw(RawRequest::new("Detail"), "shop", ImageLimits::DEFAULT, options);
    client.begin(call, clock, script).unwrap().finish()
}

fn signers(log: &Log) -> Vec<&str> {
    let signer = |header: &'static str| move |it| imagesearch_tests::fake::Sent::header(it, header);
    log.of(Hop::Invoke).filter_map(signer("x-acs-accesskey-id")).collect()
}

#[test]
fn refused_credentials_are_replaced_once() {
    let never = || {
        let mut options = CallOptions::default();
        options.retry = Some(RetryPolicy::never());
        options
    };
    type Row = (
        &'static [&'static str],
        CallOptions,
        &'static [bool],
        &'static [&'static str],
        Option<&'static str>,
    );
    let table: [Row; 5] = [
        (&["a", "b"], CallOptions::default(), &[true, false], &["a", "b"], None),
        (&["a", "b", "c"], CallOptions::default(), &[true, true], &["a", "b"], Some("2 attempts")),
        (&["a", "a"], CallOptions::default(), &[true], &["a"], Some("no newer credentials")),
        (
            &["a"],
            CallOptions::default(),
            &[true],
            &["a"],
            Some("could not fetch newer credentials: no more keys"),
        ),
        (&["a", "b"], never(), &[true], &["a"], Some("InvalidSecurityToken.Expired: too old")),
    ];
    for (ids, options, refusals, signed_by, error) in table {
        let (client, _) = keys(ids);
        let (result, log) = call(&client, &VirtualClock::default(), options, refusals);
        assert_eq!(signers(&log), signed_by, "{ids:?}");
        match (result, error) {
            (Ok(reply), None) => assert_eq!(reply.meta().attempts(), 2),
            (Err(failed), Some(says)) => {
                let text = failed.to_string();
                assert!(text.contains(says), "{ids:?}: no {says:?} in {text}");
                let code = Some(&ErrorCode::InvalidSecurityTokenExpired);
                assert_eq!(failed.code(), code, "{text}");
                assert_eq!(failed.hop(), Some(Hop::Invoke), "{text}");
                assert_eq!(failed.request_id(), Some("R-1"), "{text}");
            }
            (result, expected) => panic!("{ids:?}: {result:?} instead of {expected:?}"),
        }
        assert!(log.sleeps().is_empty(), "nothing gets better by waiting");
    }
}

#[test]
fn a_call_that_is_not_repeated_drops_the_key_for_the_next_one() {
    #[derive(Debug)]
    struct Hopeless;
    impl RetryClassifier for Hopeless {
        fn classify(&self, _failed: &FailedAttempt<'_>) -> RetryClass {
            RetryClass::Never
        }
    }
    for policy in [
        RetryPolicy::never(),
        RetryPolicy::default().with_max_attempts(1),
        RetryPolicy::default().with_classifier(Hopeless),
    ] {
        let ((client, _), clock) = (keys(&["a", "b"]), VirtualClock::default());
        let options = || {
            let mut options = CallOptions::default();
            options.retry = Some(policy.clone());
            options
        };
        call(&client, &clock, options(), &[true]).0.unwrap_err();
        let (result, log) = call(&client, &clock, options(), &[false]);
        result.unwrap();
        assert_eq!(signers(&log), ["b"], "{policy:?}");
    }
}

#[test]
fn a_source_that_has_nothing_newer_is_not_asked_by_every_call() {
    let (client, keys) = keys(&["a"; 9]);
    let clock = VirtualClock::default();
    for _ in 0..5 {
        let (result, log) = call(&client, &clock, CallOptions::default(), &[true]);
        assert_eq!(result.unwrap_err().code(), Some(&ErrorCode::InvalidSecurityTokenExpired));
        assert_eq!(signers(&log), ["a"]);
    }
    assert_eq!(keys.fetched.load(Ordering::Relaxed), 2);
    clock.set(Duration::from_secs(60));
    call(&client, &clock, CallOptions::default(), &[true]).0.unwrap_err();
    assert_eq!(keys.fetched.load(Ordering::Relaxed), 3);
}

#[test]
fn pictures_are_authorized_again_with_newer_credentials() {
    let (client, _) = keys(&["a", "b"]);
    let picture = imagesearch_core::Image::from(imagesearch_tests::pictures::png(100, 120));
    let call = RawRequest::new("SearchImageByPic").parameter("PicContent", picture);
    let call = PreparedCall::raw(call, "shop", ImageLimits::DEFAULT, CallOptions::default());
    let authorization = imagesearch_tests::scenario::authorization("bucket.oss.aliyuncs.com");
    let script = Script::default()
        .answer(Hop::Authorize, 400, EXPIRED)
        .answer(Hop::Authorize, 200, &authorization)
        .answer(Hop::Upload, 201, "")
        .answer(Hop::Invoke, 200, "{}");
    let (result, log) = client.begin(call, &VirtualClock::default(), script).unwrap().finish();
    result.unwrap();
    let hops: Vec<Hop> = log.sent.iter().map(|sent| sent.hop).collect();
    assert_eq!(hops, [Hop::Authorize, Hop::Authorize, Hop::Upload, Hop::Invoke]);
    assert_eq!(signers(&log), ["b"]);
}
