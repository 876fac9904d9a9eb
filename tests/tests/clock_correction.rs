//! What a client learns about the clock from one call, and does not learn.

use std::time::Duration;

use imagesearch_core::{
    Image, RetryPolicy,
    client::CallOptions,
    errors::Hop,
    exchange::{Answer, PreparedCall},
    image::ImageLimits,
    requests::RawRequest,
    values::Timestamp,
};
use imagesearch_tests::{
    fake::{FakeClient, Log, Outcome, Reaction, Script, Turn, VirtualClock, answer},
    scenario::authorization,
    wire::settings,
};

const EXPIRED: &str = r#"{"Code":"InvalidTimeStamp.Expired","Message":"m","RequestId":"R-1"}"#;
const GOOD: &str = r#"{"Success":true,"RequestId":"R-2"}"#;
const HOUR: i64 = 3_600_000;

fn expired(date: &str) -> Answer {
    let mut answer = answer(400, EXPIRED);
    answer.headers_mut().insert("date", date.parse().unwrap());
    answer
}

fn run(client: &FakeClient, answers: Vec<Answer>) -> Log {
    let call = PreparedCall::raw(
        RawRequest::new("Detail"),
        "shop",
        ImageLimits::DEFAULT,
        CallOptions::default(),
    );
    let reactions = answers.into_iter().map(|answer| Reaction {
        hop: Hop::Invoke,
        after: Some(Duration::ZERO),
        outcome: Outcome::Answer(answer),
        reached: None,
    });
    client.begin(call, &VirtualClock::default(), Script::new(reactions)).unwrap().finish().1
}

/// Returns how far ahead of the virtual clock the requests are signed, in milliseconds.
fn offsets(log: &Log) -> Vec<i64> {
    let date = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
    log.sent
        .iter()
        .map(|sent| date(sent.header("x-acs-date").unwrap()) - sent.system.as_millisecond())
        .collect()
}

#[test]
fn what_the_service_took_is_kept_for_the_next_call() {
    let client: FakeClient = settings("http://127.0.0.1:1").build().unwrap();
    let ahead = expired("Fri, 02 Jan 2026 04:04:05 GMT");
    let log = run(&client, vec![ahead, answer(200, GOOD)]);
    assert_eq!(offsets(&log), [0, HOUR]);
    assert_eq!(client.shared().clock_offset_milliseconds(), HOUR + 500);
    assert_eq!(offsets(&run(&client, vec![answer(200, GOOD)])), [HOUR]);
    // The clock is set right meanwhile: the next refusal undoes the correction.
    let right = expired("Fri, 02 Jan 2026 03:04:05 GMT");
    assert_eq!(offsets(&run(&client, vec![right, answer(200, GOOD)])), [HOUR, 0]);
    assert_eq!(client.shared().clock_offset_milliseconds(), 500);
}

#[test]
fn only_the_service_confirms_a_correction() {
    let ahead = || expired("Fri, 02 Jan 2026 04:04:05 GMT");
    for (status, body, offset) in [
        (429, r#"{"Code":"Throttling","Message":"a proxy"}"#, 0),
        (403, r#"{"Code":"Forbidden","Message":"a proxy"}"#, 0),
        (200, "<html>a proxy</html>", 0),
        (400, r#"{"Code":"Forbidden.RAM","RequestId":"R-2"}"#, HOUR + 500),
        (200, r#"{"Success":false,"Code":"InvalidInstance","RequestId":"R-2"}"#, HOUR + 500),
        (200, "{}", HOUR + 500),
    ] {
        let retry = RetryPolicy::default().with_max_attempts(2);
        let client: FakeClient = settings("http://127.0.0.1:1").with_retry(retry).build().unwrap();
        assert_eq!(offsets(&run(&client, vec![ahead(), answer(status, body)])), [0, HOUR]);
        assert_eq!(client.shared().clock_offset_milliseconds(), offset, "{status} {body}");
    }
}

#[test]
fn a_correction_is_confirmed_once() {
    let client: FakeClient = settings("http://127.0.0.1:1").build().unwrap();
    let picture = RawRequest::new("SearchImageByPic")
        .parameter("PicContent", Image::from(imagesearch_tests::pictures::png(100, 100)));
    let second = Duration::from_secs(1);
    let script = Script::default()
        .react_with(
            Hop::Authorize,
            Some(Duration::ZERO),
            Outcome::Answer(expired("Fri, 02 Jan 2026 04:04:05 GMT")),
        )
        .answer(Hop::Authorize, 200, &authorization("127.0.0.1:1"))
        .slow_answer(Hop::Upload, second, 201, "")
        .answer(Hop::Invoke, 200, GOOD);
    let call = PreparedCall::raw(picture, "shop", ImageLimits::DEFAULT, CallOptions::default());
    let mut slow = client.begin(call, &VirtualClock::default(), script).unwrap();
    assert!(matches!(slow.turn(), Turn::Waits(_)));
    assert_eq!(client.shared().clock_offset_milliseconds(), HOUR + 500);
    // The clock is set right while the picture is on its way.
    let right = expired("Fri, 02 Jan 2026 03:04:05 GMT");
    run(&client, vec![right, answer(200, GOOD)]);
    slow.finish().0.unwrap();
    assert_eq!(client.shared().clock_offset_milliseconds(), 500);
}

#[test]
fn a_correction_that_the_service_refuses_harms_no_other_call() {
    let client: FakeClient = settings("http://127.0.0.1:1").build().unwrap();
    let wrong = "Sat, 02 Jan 2027 03:04:05 GMT";
    let log = run(&client, vec![expired(wrong), expired(wrong)]);
    assert_eq!(log.sent.len(), 2);
    assert_eq!(client.shared().clock_offset_milliseconds(), 0);
    assert_eq!(offsets(&run(&client, vec![answer(200, GOOD)])), [0]);
}
