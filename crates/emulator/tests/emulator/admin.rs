//! The admin API: what each route answers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_emulator::Emulator;
use serde_json::{Value, json};

use crate::pictures::png;
use crate::wire::{Answer, NOW, Request, Unsigned, start};

/// Asks the admin API as a program on this machine does.
pub(crate) fn admin(emulator: &Emulator, method: &str, path: &str, body: &str) -> Answer {
    asking(emulator, method, path, body).send(emulator)
}

pub(crate) fn asking(emulator: &Emulator, method: &str, path: &str, body: &str) -> Request {
    Request {
        method: method.to_owned(),
        path: format!("/_emulator{path}"),
        query: Vec::new(),
        headers: vec![("host".to_owned(), emulator.local_addr().to_string())],
        body: body.as_bytes().to_vec(),
    }
}

pub(crate) fn add(emulator: &Emulator, seed: u64, nonce: &str) -> Answer {
    let (name, picture) = (seed.to_string(), STANDARD.encode(png(seed)));
    let form = [
        ("InstanceName", Emulator::INSTANCE),
        ("ProductId", &name),
        ("PicName", &name),
        ("PicContent", &picture),
    ];
    Unsigned::new("AddImage", &form, nonce).acs3(emulator).send(emulator)
}

pub(crate) fn detail(emulator: &Emulator, instance: &str, nonce: &str) -> Answer {
    let query = [("InstanceName", instance)];
    let call = Unsigned { query: &query, ..Unsigned::new("Detail", &[], nonce) };
    call.acs3(emulator).send(emulator)
}

#[test]
fn says_how_and_what_it_is() {
    let data = tempfile::tempdir().unwrap();
    let builder = Emulator::builder().data(data.path()).keep_images(true).max_memory(1 << 20);
    let emulator = start(builder);
    let health = admin(&emulator, "GET", "/health", "");
    let version = env!("CARGO_PKG_VERSION");
    let expected = json!({ "status": "ready", "version": version, "api": 1 });
    assert_eq!((health.status, health.json()), (200, expected));
    let pem = admin(&emulator, "GET", "/ca.pem", "");
    assert_eq!(pem.body, emulator.ca_pem());
    let info = admin(&emulator, "GET", "/info", "").json();
    for (field, expected) in [
        ("version", json!(version)),
        ("port", json!(emulator.local_addr().port())),
        ("url", json!(emulator.url())),
        ("https_url", json!(emulator.https_url())),
        ("public_host", json!(emulator.local_addr().to_string())),
        ("ca_file", Value::Null),
        ("descriptor_version", json!(imagesearch_emulator::similarity::DESCRIPTOR_VERSION)),
        ("auth", json!("strict")),
        ("data", json!(data.path())),
        ("keep_images", json!(true)),
    ] {
        assert_eq!(info[field], expected, "{field}");
    }
    assert_eq!(info["limits"]["body_bytes"], 16 * 1024 * 1024);
    assert_eq!(info["limits"]["memory_bytes"], 1 << 20);
    let plain = admin(&start(Emulator::builder()), "GET", "/info", "").json();
    assert_eq!((&plain["data"], &plain["keep_images"]), (&Value::Null, &json!(false)));
}

#[test]
fn instances_are_created_changed_and_removed() {
    let emulator = start(Emulator::builder());
    let shop = json!({
        "name": "shop", "service_type": "fabric", "region": "cn-shanghai", "capacity": 7, "qps": 5,
        "multimodal": false, "images": 0, "created": NOW,
    });
    let settings = r#"{ "service_type": "fabric", "capacity": 7 }"#;
    let created = admin(&emulator, "PUT", "/instances/shop", settings);
    assert_eq!((created.status, created.json()), (201, shop.clone()));
    assert_eq!(admin(&emulator, "GET", "/instances/shop", "").json(), shop);
    let names = |answer: Answer| {
        let listed = answer.json()["instances"].as_array().unwrap().clone();
        listed.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(admin(&emulator, "GET", "/instances", "")), ["demo", "shop"]);
    assert_eq!(detail(&emulator, "shop", "1").json()["Instance"]["ServiceType"], 2);

    // What is not named stays as it was, pictures among it.
    assert_eq!(add(&emulator, 1, "2").status, 200);
    let changed = admin(&emulator, "PUT", "/instances/demo", r#"{ "qps": 1, "multimodal": true }"#);
    let changed = (changed.status, changed.json());
    assert_eq!((changed.0, &changed.1["qps"], &changed.1["images"]), (200, &json!(1), &json!(1)));
    assert_eq!((&changed.1["multimodal"], &changed.1["capacity"]), (&json!(true), &json!(100_000)));

    let removed = admin(&emulator, "DELETE", "/instances/demo", "");
    assert_eq!((removed.status, &removed.json()["removed"]["images"]), (200, &json!(1)));
    assert_eq!(admin(&emulator, "DELETE", "/instances/demo", "").status, 404);
    assert_eq!(detail(&emulator, "demo", "3").error(), (400, "InvalidInstance".to_owned()));
}

#[test]
fn changes_at_the_same_time_take_nothing_from_each_other() {
    let emulator = start(Emulator::builder());
    for round in 1..=50 {
        let bodies = ["qps", "capacity"].map(|key| format!(r#"{{ "{key}": {round} }}"#));
        std::thread::scope(|scope| {
            for body in &bodies {
                scope.spawn(|| admin(&emulator, "PUT", "/instances/demo", body));
            }
        });
        let demo = admin(&emulator, "GET", "/instances/demo", "").json();
        assert_eq!((&demo["qps"], &demo["capacity"]), (&json!(round), &json!(round)));
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let emulator = start(Emulator::builder());
    for (name, body, part) in [
        ("a%20b", "", "letters, digits"),
        ("a%2Fb", "", "letters, digits"),
        ("a23456789012345678901", "", "1 to 20 characters"),
        ("shop", r#"{ "capacity": 0 }"#, "capacity must be"),
        ("shop", r#"{ "capacity": "many" }"#, "invalid type"),
        ("shop", r#"{ "service_type": "cloth" }"#, "one of product"),
        ("shop", r#"{ "service_type": {} }"#, "one of product"),
        ("shop", r#"{ "color": "red" }"#, "unknown field `color`"),
        ("shop", "[", "EOF"),
    ] {
        let answer = admin(&emulator, "PUT", &format!("/instances/{name}"), body);
        let error = answer.json()["error"].as_str().unwrap_or_default().to_owned();
        assert_eq!(answer.status, 400, "{name} {body}: {error}");
        assert!(error.contains(part), "{name} {body}: {error}");
    }
    assert_eq!(emulator.instances().len(), 1);
}

#[test]
fn a_reset_takes_pictures_and_nothing_else() {
    let emulator = start(Emulator::builder());
    admin(&emulator, "PUT", "/instances/shop", "");
    for (body, seeds, expected) in [
        (r#"{ "instance": "shop" }"#, [1, 2], json!({ "images": 0, "uploads": 0 })),
        (r#"{ "instance": "demo" }"#, [3, 4], json!({ "images": 4, "uploads": 0 })),
        ("", [5, 6], json!({ "images": 2, "uploads": 0 })),
        ("{}", [6, 6], json!({ "images": 1, "uploads": 0 })),
    ] {
        for (place, seed) in seeds.into_iter().enumerate() {
            assert_eq!(add(&emulator, seed, &format!("{body}{place}")).status, 200);
        }
        let answer = admin(&emulator, "POST", "/reset", body);
        assert_eq!((answer.status, &answer.json()["removed"]), (200, &expected), "{body}");
    }
    assert_eq!(emulator.instances().len(), 2);
    let unknown = admin(&emulator, "POST", "/reset", r#"{ "instance": "none" }"#);
    assert_eq!(unknown.status, 404);
    // The nonce of the first call is still used up.
    let repeated = add(&emulator, 1, r#"{ "instance": "shop" }0"#);
    assert_eq!(repeated.error(), (400, "SignatureNonceUsed".to_owned()));
}

#[test]
fn the_clock_is_moved_while_the_emulator_runs() {
    let emulator = start(Emulator::builder());
    let tells = |method: &str, body: &str| {
        let told = admin(&emulator, method, "/clock", body).json();
        (told["now"].as_str().unwrap_or_default().to_owned(), told["auto"].clone())
    };
    assert_eq!(tells("GET", ""), (NOW.to_owned(), json!(false)));
    assert_eq!(detail(&emulator, "demo", "1").status, 200);
    let later = tells("POST", r#"{ "advance_ms": 960000 }"#);
    assert_eq!(later, ("2026-01-02T03:20:05Z".to_owned(), json!(false)));
    let expired = (400, "InvalidTimeStamp.Expired".to_owned());
    assert_eq!(detail(&emulator, "demo", "2").error(), expired);
    assert_eq!(tells("POST", r#"{ "set": "2026-01-02T03:04:05Z" }"#).0, NOW);
    assert_eq!(detail(&emulator, "demo", "3").status, 200);
    let (running, auto) = tells("POST", r#"{ "set": "2026-01-02T03:04:05Z", "auto": true }"#);
    assert!(running.starts_with("2026-01-02T03:0") && auto == json!(true), "{running}");
    assert_eq!(detail(&emulator, "demo", "4").status, 200);
    assert_eq!(tells("POST", r#"{ "auto": false }"#).1, json!(false));
    assert!(!tells("POST", r#"{ "auto": true }"#).0.starts_with("2026-01-02"));
    for body in ["", "{}", r#"{ "advance_ms": -1 }"#, r#"{ "set": "now" }"#, r#"{ "set": 1 }"#] {
        assert_eq!(admin(&emulator, "POST", "/clock", body).status, 400, "{body}");
    }
}

#[test]
fn fault_rules_are_listed_with_their_hits() {
    let emulator = start(Emulator::builder());
    let rule = json!({
        "id": "busy", "match": { "action": "Detail" }, "times": 1, "seed": 0,
        "effect": { "error": { "code": "Throttling.User" } },
    });
    let set = admin(&emulator, "PUT", "/faults", &json!([rule]).to_string());
    assert_eq!(set.status, 200, "{set:?}");
    assert_eq!(detail(&emulator, "demo", "1").status, 400);
    let mut hit = rule.clone();
    hit["hits"] = json!(1);
    assert_eq!(admin(&emulator, "GET", "/faults", "").json(), json!({ "faults": [hit] }));
    let bad = admin(&emulator, "PUT", "/faults", r#"[{ "id": "a b", "effect": "hang" }]"#);
    assert_eq!(bad.status, 400);
    assert_eq!(admin(&emulator, "PUT", "/faults", "{}").status, 400);
    assert_eq!(emulator.fault_hits()["busy"], 1);
    assert_eq!(admin(&emulator, "DELETE", "/faults", "").json(), json!({ "faults": [] }));
    let catalogue = admin(&emulator, "GET", "/faults/catalogue", "").json();
    let errors = catalogue["errors"].as_array().unwrap();
    let denied = errors.iter().find(|it| it["code"] == "DeniedRequest").unwrap();
    assert_eq!(denied["http"][0], 403);
    assert!(denied["messages"][0].as_str().is_some_and(|it| !it.is_empty()), "{denied}");
}

#[test]
fn executions_are_counted_by_call() {
    let emulator = start(Emulator::builder());
    let query = [("InstanceName", Emulator::INSTANCE)];
    let call = Unsigned { query: &query, ..Unsigned::new("Detail", &[], "1") };
    let mut request = call.acs3(&emulator);
    request.headers.push(("x-emulator-call".to_owned(), "a/b".to_owned()));
    assert_eq!(request.send(&emulator).status, 200);
    let counted = admin(&emulator, "GET", "/executions/a%2Fb", "").json();
    assert_eq!(counted, json!({ "call": "a/b", "executions": 1 }));
    assert_eq!(admin(&emulator, "GET", "/executions/other", "").json()["executions"], 0);
}

#[test]
fn snapshots_bring_back_what_was() {
    let emulator = start(Emulator::builder());
    assert_eq!(add(&emulator, 1, "1").status, 200);
    let taken = admin(&emulator, "POST", "/snapshots/one", "");
    assert_eq!((taken.status, taken.json()), (200, json!({ "snapshot": "one" })));
    assert_eq!(add(&emulator, 2, "2").status, 200);
    assert_eq!(emulator.instances()[0].images, 2);
    let restored = admin(&emulator, "POST", "/snapshots/one/restore", "");
    assert_eq!((restored.status, restored.json()), (200, json!({ "restored": "one" })));
    assert_eq!(emulator.instances()[0].images, 1);
    let listed = admin(&emulator, "GET", "/snapshots", "").json();
    assert_eq!(listed, json!({ "snapshots": ["one"] }));
    assert_eq!(
        admin(&emulator, "DELETE", "/snapshots/one", "").json(),
        json!({ "removed": "one" })
    );
    for (method, path, status) in [
        ("POST", "/snapshots/one/restore", 404),
        ("DELETE", "/snapshots/one", 404),
        ("POST", "/snapshots/.hidden", 400),
        ("GET", "/snapshots/one", 405),
    ] {
        let answer = admin(&emulator, method, path, "");
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(answer.json()["error"].is_string(), "{answer:?}");
    }
}

#[test]
fn metrics_count_what_happened() {
    let emulator = start(Emulator::builder());
    assert_eq!(add(&emulator, 1, "1").status, 200);
    assert_eq!(add(&emulator, 1, "1").status, 400);
    assert_eq!(detail(&emulator, "none", "2").status, 400);
    let rules = r#"[{ "id": "cut", "effect": { "reset": "before_headers" } }]"#;
    assert_eq!(admin(&emulator, "PUT", "/faults", rules).status, 200);
    assert_eq!(detail(&emulator, "demo", "3").status, 0);
    let metrics = admin(&emulator, "GET", "/metrics", "");
    assert!(metrics.headers["content-type"].starts_with("text/plain; version=0.0.4"));
    for line in [
        r#"requests_total{action="AddImage",code="OK"} 1"#,
        r#"requests_total{action="AddImage",code="SignatureNonceUsed"} 1"#,
        r#"requests_total{action="Detail",code="InvalidInstance"} 1"#,
        r#"requests_total{action="Detail",code="unanswered"} 1"#,
        r#"request_duration_seconds_count{action="AddImage"} 2"#,
        r#"request_duration_seconds_bucket{action="Detail",le="+Inf"} 2"#,
        r#"images{instance="demo"} 1"#,
        r#"fault_hits_total{rule="cut"} 1"#,
        "uploaded_bytes_total 0",
        "connections_total 6",
    ] {
        let line = format!("imagesearch_emulator_{line}");
        assert!(metrics.body.lines().any(|it| it == line), "no `{line}` in:\n{}", metrics.body);
    }
    // The connection of this very request is open; others may not have been closed yet.
    let open = metrics.body.lines().find_map(|it| it.strip_prefix("imagesearch_emulator_open_"));
    let open = open.and_then(|it| it.strip_prefix("connections "));
    assert!(open.is_some_and(|count| count.parse::<u32>().unwrap() >= 1), "{}", metrics.body);
}

#[test]
fn the_emulator_is_stopped() {
    let emulator = start(Emulator::builder());
    let answer = admin(&emulator, "POST", "/shutdown", "");
    assert_eq!((answer.status, answer.json()), (200, json!({ "status": "stopping" })));
    emulator.wait();
}
