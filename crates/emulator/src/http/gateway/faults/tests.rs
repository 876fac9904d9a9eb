use super::effect::{ErrorEffect, Reset};
use super::*;
use crate::http::gateway::hop::Hop;

fn summary(action: &str, hop: Hop) -> RequestSummary {
    RequestSummary {
        hop,
        action: Some(action.to_owned()),
        instance: Some("shop".to_owned()),
        pic_name: Some("a.png".to_owned()),
        account: Some("me".to_owned()),
        keys: Vec::new(),
        picture_bytes: None,
        fault: None,
        call: None,
    }
}

fn rule(id: &str) -> FaultRule {
    FaultRule::new(id, FaultEffect::Hang)
}

fn hits(rule: FaultRule, summary: &RequestSummary, requests: usize) -> Vec<usize> {
    let faults = Faults::default();
    faults.set(vec![rule]).unwrap();
    (1..=requests).filter(|_| faults.choose(summary).unwrap().is_some()).collect()
}

#[test]
fn all_conditions_must_hold() {
    let adding = summary("AddImage", Hop::Api);
    let upload =
        RequestSummary { instance: None, pic_name: None, ..summary("PostObject", Hop::Oss) };
    for (rule, adds, uploads) in [
        (rule("any"), true, true),
        (rule("action").action("AddImage"), true, false),
        (rule("glob").action("*Image"), true, false),
        (rule("hop").hop(Hop::Oss), false, true),
        (rule("instance").instance("shop"), true, false),
        (rule("other").instance("other"), false, false),
        (rule("account").account("m?"), true, true),
        (rule("picture").pic_name("*.png"), true, false),
        (rule("both").pic_name("*.png").hop(Hop::Oss), false, false),
        (rule("never").probability(0.0), false, false),
        (rule("header").header_only(), false, false),
    ] {
        let id = rule.id().to_owned();
        let hit = |summary: &RequestSummary| !hits(rule.clone(), summary, 1).is_empty();
        assert_eq!((hit(&adding), hit(&upload)), (adds, uploads), "{id}");
    }
}

#[test]
fn requests_are_counted() {
    let summary = summary("AddImage", Hop::Api);
    assert_eq!(hits(rule("nth").nth([2, 4]), &summary, 9), [2, 4]);
    assert_eq!(hits(rule("times").times(2), &summary, 9), [1, 2]);
}

#[test]
fn chances_are_the_same_in_every_run() {
    let summary = summary("AddImage", Hop::Api);
    let third = || rule("third").probability(0.3);
    let first = hits(third(), &summary, 1000);
    assert_eq!(first, hits(third(), &summary, 1000));
    assert_ne!(first, hits(third().seed(1), &summary, 1000));
    assert!((250..350).contains(&first.len()), "{}", first.len());
}

#[test]
fn the_first_that_matches_decides_and_counts() {
    let faults = Faults::default();
    faults.set(vec![rule("first").nth([2]), rule("second"), rule("third")]).unwrap();
    for _ in 0..3 {
        faults.choose(&summary("AddImage", Hop::Api)).unwrap();
    }
    let hits: Vec<_> = faults.hits().into_iter().collect();
    let expected = [("first", 1), ("second", 2), ("third", 0)];
    assert_eq!(hits, expected.map(|(id, hits)| (id.to_owned(), hits)));
}

#[test]
fn a_header_asks_for_one_rule() {
    let faults = Faults::default();
    faults.set(vec![rule("any"), rule("asked").header_only()]).unwrap();
    let asking =
        |id: &str| RequestSummary { fault: Some(id.to_owned()), ..summary("AddImage", Hop::Api) };
    assert!(faults.choose(&asking("asked")).unwrap().is_some());
    assert_eq!(faults.hits()["asked"], 1);
    assert_eq!(faults.hits()["any"], 0);
    let refusal = faults.choose(&asking("unknown")).unwrap_err();
    assert!(refusal.advice.contains("`unknown`"), "{refusal:?}");
}

#[test]
fn bad_rules_are_refused() {
    for (json, expected) in [
        ("{}", "an array of rules"),
        (r#"[{"id": "a b", "effect": "hang"}]"#, "ASCII without blanks"),
        (r#"[{"id": "a", "effect": "hang"}, {"id": "a", "effect": "hang"}]"#, "same id"),
        (r#"[{"id": "a", "effect": "explode"}]"#, "unknown variant `explode`"),
        (r#"[{"id": "a", "effect": "hang", "matches": {}}]"#, "unknown field `matches`"),
        (r#"[{"id": "a", "effect": "hang", "match": {"hop": "moon"}}]"#, "unknown variant `moon`"),
        (r#"[{"id": "a", "effect": "hang", "match": {"probability": 2}}]"#, "from 0 to 1, not 2"),
        (r#"[{"id": "a", "effect": "hang", "match": {"nth": [0]}}]"#, "counts from 1"),
        (r#"[{"id": "a", "effect": "hang", "times": 0}]"#, "at least 1"),
        (r#"[{"id": "a", "effect": {"delay": {"ms": 600001}}}]"#, "at most 600000 ms"),
        (r#"[{"id": "a", "effect": {"drip": {"bytes_per_s": 0}}}]"#, "at least 1 byte"),
        (r#"[{"id": "a", "effect": {"error": {"code": "Odd"}}}]"#, "http must say"),
        (r#"[{"id": "a", "effect": {"error": {"code": "Odd", "http": 200}}}]"#, "from 400 to 599"),
        (
            r#"[{"id": "a", "effect": {"error": {"code": "InternalError", "headers": {"é": ""}}}}]"#,
            "cannot be sent",
        ),
        (
            r#"[{"id": "a", "effect": {"duplicate_execution": {"then": "expired_policy"}}}]"#,
            "cannot follow",
        ),
    ] {
        let error = FaultRule::list_from_json(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{json}: {error}");
    }
}

#[test]
fn rules_keep_their_form() {
    let rules = vec![
        rule("a").action("Add*").hop(Hop::Authorize).nth([1, 3]).times(2).seed(7),
        FaultRule::new("b", FaultEffect::Error(ErrorEffect::new("Odd").http(503).header("A", "b"))),
        rule("c").probability(0.25).header_only().pic_name("?").account("me").instance("i"),
    ];
    let json = serde_json::to_string(&rules).unwrap();
    assert_eq!(FaultRule::list_from_json(&json).unwrap(), rules);
    let short = r#"[{"id": "d", "effect": {"duplicate_execution": {}}}]"#;
    let read = FaultRule::list_from_json(short).unwrap();
    let then = Box::new(FaultEffect::Reset(Reset::BeforeHeaders));
    assert_eq!(read[0].effect(), &FaultEffect::DuplicateExecution { then });
}

#[test]
fn names_fit_patterns() {
    for (pattern, text, expected) in [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("*.png", "a.png", true),
        ("*.png", "a.png.jpg", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("?.jpg", "红.jpg", true),
        ("?.jpg", ".jpg", false),
        ("Search*", "SearchImageByPic", true),
        ("**a**", "bab", true),
    ] {
        assert_eq!(WildMatch::new(pattern).matches(text), expected, "{pattern} {text}");
    }
}
