//! Which calls a rule matches, how often, and what is said of those that no rule matches.

use std::{sync::Arc, thread, time::Duration};

use imagesearch_core::{
    Error, ErrorKind, Image, Pacing,
    operation::QuotaGroup,
    requests::{
        AddImageRequest, DetailRequest, IncreaseInstanceRequest, SearchImageByNameRequest,
        SearchImageByPicRequest,
    },
    testing::Rule,
};
use imagesearch_tests::pictures::png;

use crate::side::{both, both_paced};

const GOOD: &str = r#"{"Success": true}"#;

fn request(product: &str) -> SearchImageByNameRequest {
    SearchImageByNameRequest::new(product, "front.jpg")
}

#[test]
fn the_first_rule_that_matches_answers() {
    both(|side| {
        let answer = |id: &str| format!(r#"{{"RequestId": "{id}"}}"#);
        let when = || side.rules.when::<SearchImageByNameRequest>();
        let exact = when().with(request("1").num(5)).respond_json(answer("exact"));
        let once = when().matching(|call| call.has("Num", 5)).respond_json(answer("once")).times(1);
        let other = when().respond_json(answer("other"));
        for (request, expected) in [
            (request("1").num(5), "exact"),
            (request("1").num(5), "exact"),
            (request("2").num(5), "once"),
            (request("2").num(5), "other"),
            (request("1").num(5).start(1), "other"),
            (request("1"), "other"),
        ] {
            assert_eq!(side.send(request).unwrap().meta().request_id(), Some(expected));
        }
        assert_eq!([exact.num_calls(), once.num_calls(), other.num_calls()], [2, 1, 3]);
        let calls = other.calls();
        assert_eq!((calls[0].operation(), calls[0].instance()), ("SearchImageByName", "shop"));
        assert_eq!(calls[1].text("Start").as_deref(), Some("1"));
        assert_eq!(calls[2].get("Num"), None);
        side.rules.verify().unwrap();
    });
}

#[test]
fn a_call_without_a_rule_fails_at_once_and_says_why() {
    both(|side| {
        side.rules.when::<DetailRequest>().respond_json(GOOD);
        let when = || side.rules.when::<SearchImageByNameRequest>();
        when().with(request("2")).respond_json(GOOD);
        when().matching(|call| call.instance() == "other").respond_json(GOOD);
        when().with(request("1")).respond_json(GOOD).times(1);
        side.send(request("1")).unwrap();
        let error = side.send(request("1")).unwrap_err();
        let text = error.to_string();
        for part in [
            r#"no rule of the mock matches the call SearchImageByName (2020-12-14) on `shop` with {"ProductId": "1", "PicName": "front.jpg"}"#,
            "Detail (2020-12-14) at tests/tests/mock/rules.rs:",
            ": another operation",
            r#": expects {"ProductId": "2", "PicName": "front.jpg"}"#,
            ": `matching` returned false",
            ": used up after 1 call",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert_eq!(side.rules.elapsed(), Duration::ZERO, "it is not retried");
        let unsatisfied = side.rules.verify().unwrap_err();
        assert_eq!(unsatisfied.problems().len(), 4, "{unsatisfied}");
        assert!(
            unsatisfied.problems()[3].starts_with("no rule matches the call SearchImageByName")
        );
    });
}

#[test]
fn rules_expect_calls() {
    both(|side| {
        type Add = fn(Rule<DetailRequest>) -> Rule<DetailRequest>;
        let when = || side.rules.when::<DetailRequest>();
        let rows: [(Add, &str); 5] = [
            (|rule| rule.respond_json(GOOD).times(2), "expects 2 calls, received 0"),
            (|rule| rule.respond_json(GOOD), "expects at least 1 call, received 0"),
            (
                |rule| rule.fail(Error::service("Throttling")).respond_json(GOOD),
                "expects at least 2 calls, received 0",
            ),
            (|rule| rule.respond_json(GOOD).at_least(3), "expects at least 3 calls, received 0"),
            (
                |rule| rule.respond_json(GOOD).at_least(1).times(3),
                "expects at least 1 call, received 0",
            ),
        ];
        for (add, expected) in rows {
            let rule = add(when());
            let error = side.rules.verify().unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert_eq!(format!("{error:?}"), error.to_string());
            // It matches nothing from now on, and nobody expects it to.
            drop(rule.at_least(0).times(0));
            side.rules.verify().unwrap();
        }
        let never = when().respond_json(GOOD).times(0);
        let used = when().respond_json(GOOD);
        side.send(DetailRequest::new()).unwrap();
        assert_eq!((never.num_calls(), used.num_calls()), (0, 1));
        side.rules.verify().unwrap();
    });
}

#[test]
fn mistakes_in_rules_are_named() {
    both(|side| {
        let when = || side.rules.when::<SearchImageByNameRequest>();
        let rule = when().matching(|call| call.has("ProductID", "1")).respond_json(GOOD);
        let error = side.send(request("1")).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("asks for `ProductID`, which SearchImageByName does not"), "{text}");
        assert!(text.contains("did you mean `ProductId`?"), "{text}");
        drop(rule.times(0));

        let rule = when().times(1);
        let text = side.send(request("1")).unwrap_err().to_string();
        assert!(text.contains("has no answer; add one with"), "{text}");
        assert_eq!(rule.num_calls(), 1);
    });
}

#[test]
fn a_rule_can_use_the_mock_but_not_call_its_client() {
    let mock = Arc::new(imagesearch_blocking::testing::Mock::new());
    let (client, watched) = (mock.client(), Arc::clone(&mock));
    mock.when::<DetailRequest>().respond_with(move |_| {
        assert_eq!(watched.elapsed(), Duration::ZERO);
        client.instance("shop").detail(DetailRequest::new()).send()
    });
    let error = mock.client().instance("shop").detail(DetailRequest::new()).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("has called the mock's own client"), "{error}");
}

#[test]
fn what_is_not_valid_never_reaches_the_rules() {
    both(|side| {
        let rule = side.rules.when::<SearchImageByNameRequest>().respond_json(GOOD).at_least(0);
        let error = side.send(request("").num(0)).unwrap_err();
        assert_eq!((error.kind(), error.violations().len()), (ErrorKind::Invalid, 2));
        assert_eq!(rule.num_calls(), 0);
        side.rules.verify().unwrap();
    });
}

#[test]
fn pictures_are_uploaded_without_a_rule() {
    both(|side| {
        let picture = Image::from(png(640, 480));
        let add = AddImageRequest::new("1", "front.png", picture.clone());
        let rule = side.rules.when::<AddImageRequest>().with(add.clone()).respond_json(GOOD);
        side.send(add).unwrap();
        assert_eq!(rule.calls()[0].get("PicContent").unwrap().as_image(), Some(&picture));
        let other = SearchImageByPicRequest::new(Image::from(png(641, 480)));
        let text = side.send(other).unwrap_err().to_string();
        assert!(text.contains("Image { kind: bytes"), "{text}");
    });
}

#[test]
fn paced_calls_wait_in_virtual_time() {
    both_paced(&Pacing::per_second(QuotaGroup::Describe, 1), |side| {
        let rule = side.rules.when::<DetailRequest>().respond_json(GOOD);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| side.send(DetailRequest::new()).unwrap());
            }
        });
        assert_eq!(rule.num_calls(), 4);
        assert_eq!(side.rules.elapsed(), Duration::from_secs(3));
    });
}

#[test]
fn secrets_are_in_no_message() {
    both(|side| {
        let request = IncreaseInstanceRequest::new("bucket", "/shop")
            .callback_address("https://shop.example/?key=testsecret");
        let other = IncreaseInstanceRequest::new("bucket", "/other").callback_address("testsecret");
        side.rules.when::<IncreaseInstanceRequest>().with(other).at_least(0);
        let error = side.send(request).unwrap_err();
        let texts =
            format!("{error} {error:?} {} {:?}", side.rules.verify().unwrap_err(), side.rules);
        assert!(texts.contains("CallbackAddress") && !texts.contains("testsecret"), "{texts}");
        let echo = Error::service("Echo").with_service_message("signed mock-access-key-secret");
        side.rules.when::<DetailRequest>().fail(echo);
        let text = format!("{:?}", side.send(DetailRequest::new()).unwrap_err());
        assert!(text.contains("signed [redacted]"), "{text}");
    });
}
