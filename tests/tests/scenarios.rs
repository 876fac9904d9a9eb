//! Runs every scenario table on the virtual clock, and what needs no clock through both clients and the
//! example that drives an `Exchange` with another HTTP library.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use imagesearch_core::{
    ClientBuilder, Error, Pacing, RetryPolicy,
    client::{FromConfig, Transfer},
    credentials::EnvironmentProvider,
    errors::Hop,
    exchange::{PreparedCall, RawResponse},
    image::ImageLimits,
    requests::RawRequest,
    retry::TokenBucket,
    values::Timestamp,
};
use imagesearch_tests::{
    arrived::Arrived,
    fake::{FakeClient, Log, Outcome, Script, VirtualClock, answer, hop_of},
    scenario::{Scenario, call_options},
    verifier::{decode_form, verify_acs3},
    wire::{Async, Blocking, Caller, KEY, SECRET, Wire, settings, swift_retry},
};

#[path = "../examples/own_http_client/client.rs"]
mod own_http_client;

const INSTANCE: &str = "demoinstance1";

/// Runs a scenario on the virtual clock; the URL is never connected to.
fn play(scenario: &Scenario, url: &str) -> (Result<RawResponse, Error>, Log) {
    let mut builder = settings::<FakeClient>(url).with_retry(Default::default());
    if scenario.client.environment.is_some() {
        builder = builder.with_credentials(EnvironmentProvider);
    }
    let client = configured(builder, scenario, false);
    let call =
        PreparedCall::raw(scenario.call(), INSTANCE, ImageLimits::DEFAULT, scenario.options());
    let script = scenario.script(authority(url));
    match client.begin(call, &VirtualClock::default(), script) {
        Ok(run) => run.finish(),
        Err(error) => (Err(error), Log::default()),
    }
}

fn configured<C: FromConfig>(builder: ClientBuilder<C>, scenario: &Scenario, swift: bool) -> C {
    let ms = std::time::Duration::from_millis;
    let settings = &scenario.client;
    let mut builder = builder;
    if settings.base64 {
        builder = builder.with_transfer(Transfer::Base64);
    }
    if let Some(timeout) = settings.timeout_ms {
        builder = builder.with_timeout(ms(timeout));
    }
    if let Some(timeout) = settings.attempt_timeout_ms {
        builder = builder.with_attempt_timeout(ms(timeout));
    }
    for (name, value) in &settings.default_headers {
        builder = builder.with_default_header(name, value);
    }
    if let Some(searches) = settings.searches_per_second {
        builder = builder.with_pacing(Pacing::from_plan(searches));
    }
    let retry = if swift { swift_retry() } else { Default::default() };
    let mut retry: RetryPolicy = retry.with_max_attempts(settings.attempts.unwrap_or(3));
    if let Some(tokens) = settings.budget {
        retry = retry.with_budget(TokenBucket::new(tokens, 5));
    }
    builder.with_retry(retry).with_clock_correction(!settings.own_clock).build().unwrap()
}

fn authority(url: &str) -> &str {
    url.strip_prefix("http://").unwrap()
}

/// Checks what every request has, whatever the scenario.
fn check_requests(scenario: &Scenario, log: &Log, url: &str) {
    let mut nonces = BTreeSet::new();
    // A date has whole seconds, so one that is right is up to a second behind.
    let mut dates = Vec::new();
    for sent in &log.sent {
        for (name, value) in &scenario.expect.headers {
            assert_eq!(sent.header(name), Some(&**value), "{}: {name}", scenario.name);
        }
        if sent.hop == Hop::Upload {
            assert_eq!(sent.header("authorization"), None, "{}", scenario.name);
            continue;
        }
        verify_acs3(&sent.request, KEY, SECRET)
            .unwrap_or_else(|why| panic!("{}: {why}", scenario.name));
        let nonce = sent.header("x-acs-signature-nonce").unwrap();
        assert!(nonces.insert(nonce.to_owned()), "{}: a nonce came twice", scenario.name);
        let date: Timestamp = sent.header("x-acs-date").unwrap().parse().unwrap();
        dates.push((date.as_millisecond() - sent.system.as_millisecond()).div_euclid(1_000) + 1);
    }
    let expected = scenario.expect.dates.clone().unwrap_or_else(|| vec![0; dates.len()]);
    for (date, expected) in dates.iter().zip(&expected) {
        assert!((date - expected).abs() <= 1, "{}: {dates:?}", scenario.name);
    }
    assert_eq!(dates.len(), expected.len(), "{}: {dates:?}", scenario.name);
    if let Some(last) = log.of(Hop::Invoke).last() {
        let form = decode_form(&last.request).unwrap_or_default();
        for (name, value) in &scenario.expect.form {
            let value = value.replace("{authority}", authority(url));
            assert!(form.contains(&(name.clone(), value)), "{}: {form:?}", scenario.name);
        }
    }
}

#[test]
fn scenarios_hold_on_the_virtual_clock() {
    let url = "http://127.0.0.1:1";
    let scenarios = Scenario::all();
    assert!(scenarios.len() >= 50, "only {} scenarios were read", scenarios.len());
    let names: BTreeSet<&str> = scenarios.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names.len(), scenarios.len(), "two scenarios have one name");
    for scenario in &scenarios {
        let (result, log) = play(scenario, url);
        scenario.check_outcome("virtual", &result);
        scenario.check_log(&log);
        check_requests(scenario, &log, url);
    }
}

#[test]
fn every_client_sends_and_reports_what_the_exchange_decides() {
    let wire = Wire::start();
    let url = wire.uri();
    let mut scenarios = Scenario::all();
    let all = scenarios.len();
    scenarios.retain(Scenario::suits_the_wire);
    assert!(scenarios.len() * 2 > all, "{} of {all} are left", scenarios.len());
    for scenario in &scenarios {
        let (_, log) = play(scenario, &url);
        let expected = Arrived::sorted(log.sent.iter().map(|sent| &sent.request));
        let clients: [Box<dyn Caller>; 3] = [
            Box::new(Blocking(configured(settings(&url), scenario, true))),
            Box::new(Async(configured(settings(&url), scenario, true), wire.runtime())),
            Box::new(Own(configured(settings(&url), scenario, true))),
        ];
        for client in clients {
            let script = Arc::new(Mutex::new(scenario.script(authority(&url))));
            wire.answer_with(move |request| {
                next_answer(&mut script.lock().unwrap(), hop_of(request))
            });
            let result = client.call_with(INSTANCE, scenario.call(), &scenario.client.headers);
            scenario.check_outcome(client.name(), &result);
            let arrived = wire.take();
            assert_eq!(
                Arrived::sorted(&arrived),
                expected,
                "{} ({})",
                scenario.name,
                client.name()
            );
            for request in arrived.iter().filter(|request| request.method() == "POST") {
                // Object storage takes no body of unknown length.
                let length = request.headers().get("content-length").map(|it| it.to_str().unwrap());
                assert_eq!(length, Some(&*request.body().len().to_string()), "{}", client.name());
            }
            for request in arrived.iter().filter(|request| hop_of(request) != Hop::Upload) {
                verify_acs3(request, KEY, SECRET)
                    .unwrap_or_else(|why| panic!("{} ({}): {why}", scenario.name, client.name()));
            }
        }
    }
}

/// The client of the example, on a third HTTP library.
struct Own(own_http_client::Client);

impl Caller for Own {
    fn call_with(
        &self,
        instance: &str,
        call: RawRequest,
        headers: &BTreeMap<String, String>,
    ) -> Result<RawResponse, Error> {
        let options = call_options(headers);
        self.0.drive(PreparedCall::raw(call, instance, ImageLimits::DEFAULT, options))
    }

    fn name(&self) -> &'static str {
        "own HTTP client"
    }
}

fn next_answer(script: &mut Script, hop: Hop) -> imagesearch_core::exchange::Answer {
    match script.next(hop).map(|reaction| reaction.outcome) {
        Some(Outcome::Answer(answer)) => answer,
        _ => answer(599, "the script expects no further request"),
    }
}
