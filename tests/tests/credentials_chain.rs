//! Finds credentials as the folders of `tests/credentials` say: on the virtual clock, and through both
//! clients where nothing has to pass but messages.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Arc, Mutex},
    task::Waker,
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use imagesearch_core::{
    ClientBuilder, Credentials, Error, ErrorKind,
    body::Body,
    client::{CallOptions, FromConfig},
    credentials::{
        CredentialsChain, CredentialsFetch, CredentialsFuture, CredentialsProvider, FetchContext,
        FetchRequest,
    },
    errors::Hop,
    exchange::{Answer, Effect, LoadError, PreparedCall, Source},
    image::ImageLimits,
    requests::RawRequest,
    values::Timestamp,
};
use imagesearch_tests::{
    credentials_case::Case,
    fake::{CountingEntropy, FakeClient, Outcome, Script, Service, VirtualClock, answer, hop_of},
    leaks::Printed,
    log_lines::LogLines,
    verifier::verify_acs3,
    wire::{Async, Blocking, Caller, Wire, settings},
};

#[test]
fn every_case_holds_on_the_virtual_clock() {
    let cases = Case::all();
    assert!(cases.len() >= 60, "only {} cases were read", cases.len());
    for case in &cases {
        let (clock, name) = (VirtualClock::default(), &case.name);
        let client = FakeClient::builder().with_region("cn-shanghai").build().unwrap();
        let limits = ImageLimits::DEFAULT;
        let call =
            PreparedCall::raw(RawRequest::new("Detail"), "shop", limits, CallOptions::default());
        let script = case.script().answer(Hop::Invoke, 200, r#"{"Success":true}"#);
        let (result, log) = client.begin(call, &clock, script).unwrap().finish();
        case.check_requests("exchange", log.of(Hop::Credentials).map(|it| &it.request), true);
        for sent in log.of(Hop::Credentials) {
            let near = ["http://100.100.100.200/", "http://127.0.0.1:1/"];
            let near = near.iter().any(|it| sent.request.uri().to_string().starts_with(it));
            assert_eq!(sent.bypass_proxy, near, "{name}: {}", sent.request.uri());
            let connecting = sent.connect_deadline - sent.at;
            assert_eq!(connecting, Duration::from_millis(if near { 500 } else { 5_000 }), "{name}");
        }
        let mut printed = Printed::default();
        printed.debug(name, &client);
        printed.debug(name, &client.shared());
        match result {
            Ok(_) => check_call(case, "exchange", &log.of(Hop::Invoke).next().unwrap().request),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Credentials, "{name}: {error}");
                assert_eq!(error.hop(), Some(Hop::Credentials), "{name}: {error}");
                case.check_error("exchange", &error);
                printed.error(name, &error);
            }
        }
        printed.check();
        if let Some([from, to]) = case.expect.took {
            let took = log.ended.as_millis();
            assert!((from.into()..=to.into()).contains(&took), "{name}: took {took} ms");
        }
        if let Some(expected) = &case.expect.looked_at {
            let looked_at: Vec<String> = log.loaded.iter().map(loaded).collect();
            assert_eq!(&looked_at, expected, "{name}");
        }
    }
}

fn loaded(source: &Source) -> String {
    match source {
        Source::Environment(name) => (*name).to_owned(),
        Source::File(path) => path.clone(),
        other => format!("{other:?}"),
    }
}

/// Checks what the call was signed with.
fn check_call(case: &Case, who: &str, request: &Request<Body>) {
    let (name, expect) = (format!("{} ({who})", case.name), &case.expect);
    assert!(expect.says.is_empty(), "{name}: should fail");
    let header = |name: &str| request.headers().get(name).map(|it| it.to_str().unwrap());
    assert_eq!(header("x-acs-security-token"), expect.token.as_deref(), "{name}");
    assert_eq!(header("x-acs-bearer-token"), expect.bearer.as_deref(), "{name}");
    if let (Some(id), Some(secret)) = (&expect.id, &expect.secret) {
        verify_acs3(request, id, secret).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
    assert_eq!(expect.id.is_none(), expect.bearer.is_some(), "{name}");
}

#[test]
fn keys_end_when_their_issuers_say() {
    let mut ending = 0;
    for case in Case::all().iter().filter(|case| case.expect.says.is_empty()) {
        let key = fetch(&CredentialsChain::default(), case).unwrap();
        let expires = case.expect.expires.as_ref().map(|time| time.parse().unwrap());
        assert_eq!(key.expires(), expires, "{}", case.name);
        assert_eq!(key.access_key_id(), case.expect.id.as_deref(), "{}", case.name);
        ending += usize::from(expires.is_some());
    }
    assert!(ending >= 20, "only {ending} keys have an end");
}

#[test]
fn no_step_prints_a_secret() {
    let mut printed = Printed::default();
    for case in Case::all() {
        let chain = CredentialsChain::default();
        let fetched = fetch_showing(&chain, &case, |step| printed.debug(&case.name, step));
        printed.debug(&case.name, &(&chain, &fetched));
        if let Err(error) = fetched {
            printed.error(&case.name, &error);
        }
    }
    assert!(printed.len() > 1_000, "only {} texts", printed.len());
    printed.check();
}

/// Runs a fetch by itself.
fn fetch(provider: &dyn CredentialsProvider, case: &Case) -> Result<Credentials, Error> {
    fetch_showing(provider, case, |_| {})
}

/// Runs a fetch by itself, and shows each of its effects.
fn fetch_showing(
    provider: &dyn CredentialsProvider,
    case: &Case,
    mut show: impl FnMut(&Effect<Credentials>),
) -> Result<Credentials, Error> {
    let (clock, mut script) = (VirtualClock::default(), case.script());
    let mut entropy = CountingEntropy::default();
    let deadline = Duration::from_secs(60);
    let mut fetch = CredentialsFetch::new(provider, deadline);
    let mut silent = Vec::new();
    for _ in 0..200 {
        let effect = fetch.poll(clock.now(), &mut entropy, Waker::noop());
        show(&effect);
        match effect {
            Effect::Load { id, source } => fetch.handle_loaded(id, script.load(&source)),
            Effect::Transmit(transmit) => {
                let limit = transmit.deadline - clock.elapsed();
                assert!(limit <= Duration::from_secs(10), "every provider limits the time");
                match script.next(Hop::Credentials).expect("is expected").outcome {
                    Outcome::Answer(answer) => {
                        fetch.handle_response(transmit.id, clock.now(), answer);
                    }
                    Outcome::Failure(failure) => {
                        fetch.handle_failure(transmit.id, clock.now(), failure);
                    }
                    Outcome::Silence => silent.push(transmit.id),
                }
            }
            Effect::Cancel(id) => {
                assert!(silent.contains(&id), "{}: cancels what is not under way", case.name);
                silent.retain(|it| *it != id);
            }
            Effect::Wait { until } => clock.set(until),
            Effect::Done(result) => return result,
        }
    }
    panic!("{}: the fetch does not end", case.name);
}

#[test]
fn both_clients_find_the_same_credentials() {
    let (log, mut printed) = (LogLines::start(), Printed::default());
    let wire = Wire::start();
    let url = wire.uri();
    let mut played = 0;
    for case in Case::all().iter().filter(|case| case.suits_the_wire()) {
        played += 1;
        let root = tempfile::tempdir().unwrap();
        for (path, content) in &case.files {
            let path = root.path().join(path.trim_start_matches('/'));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let root = root.path().to_str().unwrap();
        let moved = |value: &String| match value.strip_prefix("http://127.0.0.1:1") {
            Some(path) => format!("{url}{path}"),
            None if value.starts_with('/') => format!("{root}{value}"),
            None => value.clone(),
        };
        let environment = case.environment.iter().map(|(name, it)| (name.clone(), moved(it)));
        let environment: BTreeMap<_, _> = environment.collect();
        let clients: [Box<dyn Caller>; 2] = [
            Box::new(Blocking(client(&url, &environment))),
            Box::new(Async(client(&url, &environment), wire.runtime())),
        ];
        for client in clients {
            let script = Mutex::new(case.script().answer(Hop::Invoke, 200, r#"{"Success":true}"#));
            wire.answer_with(move |request| next_answer(&script, request));
            let result = client.call("shop", RawRequest::new("Detail"));
            let (calls, fetches): (Vec<_>, Vec<_>) =
                wire.take().into_iter().partition(|it| hop_of(it) == Hop::Invoke);
            case.check_requests(client.name(), &fetches, false);
            match result {
                Ok(_) => check_call(case, client.name(), &calls[0]),
                Err(error) => {
                    case.check_error(client.name(), &error);
                    printed.error(&format!("{} ({})", case.name, client.name()), &error);
                }
            }
            for line in log.take() {
                printed.text(&format!("the log of {} ({})", case.name, client.name()), line);
            }
        }
    }
    assert!(printed.len() > 1_000, "only {} texts", printed.len());
    printed.check();
    assert!(played >= 40, "only {played} cases were played");
}

fn next_answer(script: &Mutex<Script>, request: &Request<Body>) -> Answer {
    let mut script = script.lock().unwrap();
    match script.next(hop_of(request)).map(|reaction| reaction.outcome) {
        Some(Outcome::Answer(answer)) => answer,
        other => answer(599, &format!("{other:?}")),
    }
}

/// Creates a client that sees another environment, and asks the server for everything.
fn client<C: FromConfig>(url: &str, environment: &BTreeMap<String, String>) -> C {
    let host = || url.parse().unwrap();
    let chain = CredentialsChain::with_hosts(host(), host());
    let environment = Arc::new(environment.clone());
    let credentials = Elsewhere { provider: Arc::new(chain), environment };
    let builder: ClientBuilder<C> = settings(url);
    builder.with_credentials(credentials).build().unwrap()
}

/// A provider in another environment than that of this process.
#[derive(Clone, Debug)]
struct Elsewhere {
    provider: Arc<dyn CredentialsProvider>,
    environment: Arc<BTreeMap<String, String>>,
}

impl CredentialsProvider for Elsewhere {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let mut fetch = CredentialsFetch::new(&self.provider, context.deadline());
        let environment = Arc::clone(&self.environment);
        let mut entropy = CountingEntropy::default();
        Box::pin(async move {
            loop {
                let now = context.now();
                match fetch.poll(now, &mut entropy, Waker::noop()) {
                    Effect::Load { id, source: Source::Environment(name) } => {
                        let value = environment.get(name).cloned().map(Bytes::from);
                        fetch.handle_loaded(id, value.ok_or(LoadError::NotFound));
                    }
                    Effect::Load { id, source } => {
                        let loaded = context.load(source).await;
                        fetch.handle_loaded(id, loaded);
                    }
                    Effect::Transmit(transmit) => {
                        let mut request = FetchRequest::new(transmit.request)
                            .with_timeout(transmit.deadline.saturating_sub(now.monotonic));
                        request.bypass_proxy = transmit.bypass_proxy;
                        match context.transmit(request).await {
                            Ok(answer) => fetch.handle_response(transmit.id, context.now(), answer),
                            Err(failure) => {
                                fetch.handle_failure(transmit.id, context.now(), failure);
                            }
                        }
                    }
                    Effect::Cancel(_) => {}
                    Effect::Wait { until } => {
                        context.sleep(until.saturating_sub(now.monotonic)).await;
                    }
                    Effect::Done(result) => return result,
                }
            }
        })
    }
}

#[test]
fn the_source_that_worked_last_is_asked_first() {
    let chain = CredentialsChain::default();
    let environment = |id: &str| Case {
        environment: [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", id),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s"),
            ("HOME", "/home/me"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        ..named("shared_ini")
    };
    assert_eq!(fetch(&chain, &named("shared_ini")).unwrap().access_key_id(), Some("inikey"));
    let both = fetch(&chain, &environment("envkey")).unwrap();
    assert_eq!(both.access_key_id(), Some("inikey"), "the shared file worked last");
    let no_file = Case { files: BTreeMap::new(), ..environment("envkey") };
    assert_eq!(fetch(&chain, &no_file).unwrap().access_key_id(), Some("envkey"));
    assert_eq!(fetch(&chain, &environment("envkey")).unwrap().access_key_id(), Some("envkey"));
    let other: Timestamp = "2026-01-02T04:00:00Z".parse().unwrap();
    let named_source = CredentialsChain::new()
        .with_source("vault", Credentials::access_key("own", "s").with_expiry(other));
    assert_eq!(fetch(&named_source, &no_file).unwrap().expires(), Some(other));
}

fn named(name: &str) -> Case {
    Case::all().into_iter().find(|case| case.name == name).expect("is there")
}
