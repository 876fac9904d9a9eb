//! Calls that come faster than an instance may be called; no test waits for real.

use std::time::Duration;

use imagesearch_blocking::{Client, Credentials};
use imagesearch_core::{RetryPolicy, requests::DetailRequest};
use imagesearch_emulator::{Emulator, InstanceSettings, Throttle};
use serde_json::json;

use crate::admin::{add, admin, detail};
use crate::wire::{clock, start};

#[test]
fn a_refusal_says_when_the_call_would_pass() {
    let emulator = start(Emulator::builder().throttle(Throttle::PerSecond(2)));
    assert_eq!(detail(&emulator, "demo", "1").status, 200);
    assert_eq!(detail(&emulator, "demo", "2").status, 200);
    let refused = detail(&emulator, "demo", "3");
    assert_eq!(refused.error(), (403, "DeniedRequest".to_owned()));
    let message = "Your request was denied due to instance flow control.";
    assert_eq!(refused.json()["Message"], message);
    assert_eq!(refused.headers["x-acs-retry-after"], "500");
    for (advance, nonce, status) in [(499, "4", 403), (1, "5", 200), (0, "6", 403)] {
        let order = json!({ "advance_ms": advance }).to_string();
        assert_eq!(admin(&emulator, "POST", "/clock", &order).status, 200);
        assert_eq!(detail(&emulator, "demo", nonce).status, status, "{nonce}");
    }
    let metrics = admin(&emulator, "GET", "/metrics", "").body;
    let line = r#"imagesearch_emulator_throttled_total{instance="demo",group="describe"} 3"#;
    assert!(metrics.lines().any(|it| it == line), "{metrics}");
}

#[test]
fn the_plan_of_the_instance_decides() {
    let clock = clock();
    let settings = InstanceSettings::new("demo").qps(1).capacity(100_000);
    let builder = Emulator::builder().instance(settings).throttle(Throttle::Instance);
    let emulator = builder.clock(clock.clone()).start().unwrap();
    assert_eq!(add(&emulator, 1, "1").status, 200);
    assert_eq!(add(&emulator, 2, "2").error(), (403, "DeniedRequest".to_owned()));
    // Other groups have limits of their own, and so have other instances.
    assert_eq!(detail(&emulator, "demo", "3").status, 200);
    assert_eq!(detail(&emulator, "demo", "4").status, 403);
    assert_eq!(admin(&emulator, "PUT", "/instances/other", "").status, 201);
    assert_eq!(detail(&emulator, "other", "5").status, 200);
    // A larger plan fills up faster.
    let larger = r#"{ "capacity": 1000000, "qps": 5 }"#;
    assert_eq!(admin(&emulator, "PUT", "/instances/demo", larger).status, 200);
    clock.advance(Duration::from_secs(1));
    for nonce in 0..5 {
        assert_eq!(add(&emulator, 3, &format!("more {nonce}")).status, 200, "{nonce}");
    }
    assert_eq!(add(&emulator, 3, "too many").headers["x-acs-retry-after"], "200");
    clock.advance(Duration::from_secs(1));
    assert_eq!(add(&emulator, 3, "later").status, 200);
}

#[test]
fn nothing_is_throttled_unless_told_to() {
    let emulator = start(Emulator::builder().instance(InstanceSettings::new("demo").qps(1)));
    for nonce in 0..20 {
        assert_eq!(detail(&emulator, "demo", &nonce.to_string()).status, 200);
    }
}

#[test]
fn our_client_learns_that_it_was_throttled() {
    let builder = Emulator::builder().throttle(Throttle::PerSecond(1));
    let emulator = builder.start().unwrap();
    // Stands still, so that no limit fills up between the two calls.
    emulator.clock().stop_at(emulator.clock().now());
    let key = Credentials::access_key(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
    let client = Client::builder().with_emulator(emulator.url()).with_credentials(key);
    let client = client.with_retry(RetryPolicy::never()).build().unwrap();
    let demo = client.instance("demo");
    demo.detail(DetailRequest::new()).send().unwrap();
    let error = demo.detail(DetailRequest::new()).send().unwrap_err();
    assert_eq!(error.code().map(|it| it.as_str().to_owned()).as_deref(), Some("DeniedRequest"));
}
