//! The time that answers tell.

use imagesearch_emulator::{Emulator, ErrorEffect, FaultEffect, FaultRule, Hop};

use crate::admin::{admin, detail};
use crate::wire::{exchange, start};

#[test]
fn every_answer_tells_the_time_of_the_emulator() {
    let error = FaultEffect::Error(ErrorEffect::new("DeniedRequest"));
    let emulator =
        start(Emulator::builder().faults([FaultRule::new("rule", error).hop(Hop::Api).times(1)]));
    let raw = |request: &str| exchange(&emulator, request.as_bytes());
    for (what, answer, status) in [
        ("an injected error", detail(&emulator, Emulator::INSTANCE, "1"), 403),
        ("a call", detail(&emulator, Emulator::INSTANCE, "2"), 200),
        (
            "a body that is not read",
            raw(
                "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 99999999\r\n\r\n",
            ),
            413,
        ),
        ("no path", raw("GET /none HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"), 404),
        ("the admin API", admin(&emulator, "GET", "/health", ""), 200),
    ] {
        let date = answer.headers.get("date").map(String::as_str);
        assert_eq!(
            (answer.status, date),
            (status, Some("Fri, 02 Jan 2026 03:04:05 GMT")),
            "{what}"
        );
    }
    // What is no request gets no time rather than that of the machine.
    let malformed = raw("nonsense\r\n\r\n");
    assert_eq!((malformed.status, malformed.headers.get("date")), (400, None), "{malformed:?}");
}
