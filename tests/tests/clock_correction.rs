//! What a client learns about the clock from one call, and does not learn.

use imagesearch_core::{
    CallOptions, Hop, RawCall, Timestamp,
    exchange::{Answer, Prepared},
    image::ImageLimits,
};
use imagesearch_tests::{
    fake::{FakeClient, Log, Outcome, Reaction, Script, VirtualClock, answer},
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
    let call =
        Prepared::raw(RawCall::new("Detail"), "shop", ImageLimits::DEFAULT, CallOptions::default());
    let reactions = answers.into_iter().map(|answer| Reaction {
        hop: Hop::Invoke,
        after: Some(std::time::Duration::ZERO),
        outcome: Outcome::Answer(answer),
        reached: None,
    });
    client.begin(call, &VirtualClock::default(), Script::new(reactions)).unwrap().finish().1
}

/// Tells how far ahead of the virtual clock the requests are signed, in milliseconds.
fn offsets(log: &Log) -> Vec<i64> {
    let date = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
    log.sent
        .iter()
        .map(|sent| date(sent.header("x-acs-date").unwrap()) - sent.wall.as_millisecond())
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
fn a_correction_that_the_service_refuses_harms_no_other_call() {
    let client: FakeClient = settings("http://127.0.0.1:1").build().unwrap();
    let wrong = "Sat, 02 Jan 2027 03:04:05 GMT";
    let log = run(&client, vec![expired(wrong), expired(wrong)]);
    assert_eq!(log.sent.len(), 2);
    assert_eq!(client.shared().clock_offset_milliseconds(), 0);
    assert_eq!(offsets(&run(&client, vec![answer(200, GOOD)])), [0]);
}
