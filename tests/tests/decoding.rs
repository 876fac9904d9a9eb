//! Odd but successful responses, and calls whose response does not fit.

use std::collections::BTreeMap;

use imagesearch_core::{
    Credentials, ErrorKind,
    answers::{AddImageResponse, SearchImageByPicResponse},
    client::CallOptions,
    errors::Hop,
    exchange::{PreparedCall, RawResponse},
    image::ImageLimits,
    requests::RawRequest,
};
use imagesearch_tests::{
    fake::{FakeClient, Script, VirtualClock},
    wire::settings,
};

/// Creates a raw call that is answered with a body.
fn reply(operation: &str, body: &str) -> RawResponse {
    let client: FakeClient = settings("http://127.0.0.1:1")
        .with_credentials(Credentials::access_key("testid", "testsecret"))
        .build()
        .unwrap();
    let mut options = CallOptions::default();
    options.validate = Some(false);
    let call = PreparedCall::raw(RawRequest::new(operation), "shop", ImageLimits::DEFAULT, options);
    let script = Script::default().answer(Hop::Invoke, 200, body);
    client.begin(call, &VirtualClock::default(), script).unwrap().finish().0.unwrap()
}

#[test]
fn an_answer_with_a_field_twice_is_read() {
    for body in [
        r#"{"Success":true,"Code":0,"Message":"success","Msg":"success","RequestId":"R-1"}"#,
        r#"{"Success":false,"Success":true,"Code":0,"Msg":"success","RequestId":"R-1"}"#,
        "\u{feff}{\"Success\":true,\"Message\":\"success\",\"RequestId\":\"R-1\"}",
    ] {
        let answer = reply("AddImage", body).decode::<AddImageResponse>().unwrap();
        assert_eq!(answer.success, Some(true), "{body}");
        assert_eq!(answer.message.as_deref(), Some("success"), "{body}");
        assert_eq!(answer.meta().request_id(), Some("R-1"), "{body}");
        assert_eq!(answer.meta().body(), body.as_bytes());
        let answer = reply("SearchImageByPic", body).decode::<SearchImageByPicResponse>().unwrap();
        assert_eq!(answer.msg.as_deref(), Some("success"), "{body}");
    }
}

#[test]
fn an_answer_that_does_not_fit_says_that_the_call_was_carried_out() {
    let body = r#"{"Success":true,"Echo":"testsecret","RequestId":"R-1"}"#;
    for (operation, writes) in [("AddImage", true), ("Detail", false), ("Unheard", true)] {
        let error = reply(operation, body).decode::<BTreeMap<String, bool>>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        assert_eq!((error.operation(), error.hop()), (Some(operation), Some(Hop::Invoke)));
        assert_eq!((error.http_status(), error.attempts()), (Some(200), 1));
        assert_eq!(error.request_id(), Some("R-1"));
        assert_eq!(error.may_have_been_applied(), writes, "{operation}");
        assert!(!error.is_retryable(), "{operation}");
        assert!(error.body_excerpt().is_some_and(|it| it.starts_with(r#"{"Success":true"#)));
        let text = format!("{error} {error:?}");
        assert!(text.contains("the call succeeded, but"), "{text}");
        assert!(!text.contains("testsecret"), "{text}");
    }
}
