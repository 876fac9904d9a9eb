//! What holds for every answer, whatever bytes it has: it is read, or it is one error that keeps
//! the status. The fuzz target `answer` and a property test of the ordinary suite both call this.

use std::{sync::Arc, task::Waker, time::Duration};

use bytes::Bytes;
use imagesearch_core::{
    ClientBuilder, Credentials, Error, Image, RetryPolicy,
    client::{CallOptions, Config, FromConfig},
    errors::Hop,
    exchange::{Answer, Effect, Entropy, Exchange, Now, PreparedCall, Shared},
    image::ImageLimits,
    requests::RawRequest,
    values::Timestamp,
};

/// What no error may show.
const SECRET: &str = "a-secret-of-the-fuzz-target";

/// What the service authorizes an upload with, where the upload itself is to be judged.
const AUTHORIZATION: &str = r#"{"Endpoint":"0.0.1:1","Bucket":"127","ObjectKey":"k","AccessKeyId":"i",
    "Signature":"s","EncodedPolicy":"cA==","UseAccelerate":false,"RequestId":"R"}"#;

/// A client that is nothing but its settings.
struct Offline(Arc<Shared>);

impl FromConfig for Offline {
    type HttpClient = ();

    fn from_config(config: Config, _http: Option<()>) -> Result<Self, Error> {
        Ok(Self(Arc::new(Shared::new(config))))
    }
}

/// Numbers instead of randomness.
struct Count(u128);

impl Entropy for Count {
    fn draw(&mut self) -> Option<[u8; 16]> {
        self.0 += 1;
        Some(self.0.to_be_bytes())
    }
}

/// Answers one hop of adding a picture with these bytes, and judges the result of it.
///
/// # Panics
///
/// The client loses the status, shows a secret, says nothing, or does not end.
pub(crate) fn judge(hop: Hop, status: u16, content_type: &str, body: &[u8]) {
    // Who sends the secret may be shown it; a fuzzer learns it from what it is compared with.
    if body.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()) {
        return;
    }
    let Ok(status) = http::StatusCode::from_u16(status) else { return };
    let Ok(content_type) = http::HeaderValue::from_bytes(content_type.as_bytes()) else { return };
    let mut answer = Answer::new(Bytes::copy_from_slice(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(http::header::CONTENT_TYPE, content_type);

    let client: Offline = ClientBuilder::default()
        .with_emulator("http://127.0.0.1:1")
        .with_credentials(Credentials::sts("id", SECRET, SECRET))
        .with_retry(RetryPolicy::default().with_max_attempts(1))
        .build()
        .expect("the settings are complete");
    let call = RawRequest::new("AddImage")
        .parameter("ProductId", "p")
        .parameter("PicName", "n")
        .parameter("PicContent", Image::from_bytes(PNG.to_vec()));
    let call = PreparedCall::raw(call, "shop", ImageLimits::DEFAULT, CallOptions::default());
    let mut now = Now::new(Duration::ZERO, Timestamp::from_millisecond(0));
    let mut exchange = Exchange::new(client.0, call, now).expect("the call is valid");
    for _ in 0..100 {
        match exchange.poll(now, &mut Count(0), Waker::noop()) {
            Effect::Transmit(send) if hop_of(&send.request) == hop => {
                exchange.handle_response(send.id, now, answer.clone());
            }
            Effect::Transmit(send) => {
                let authorize = hop_of(&send.request) == Hop::Authorize;
                let body = if authorize { AUTHORIZATION } else { "{}" };
                exchange.handle_response(send.id, now, Answer::new(Bytes::from(body)));
            }
            Effect::Wait { until } => now.monotonic = until,
            Effect::Done(Err(error)) => return judge_error(&error, hop, status.as_u16()),
            Effect::Done(Ok(reply)) => {
                assert!(hop != Hop::Invoke || status.is_success(), "{status} is no success");
                assert!(!format!("{reply:?}").contains(SECRET), "the secret is shown");
                decode(&reply);
                return;
            }
            effect => panic!("no effect of this call: {effect:?}"),
        }
    }
    panic!("the call does not end");
}

fn hop_of<T>(request: &http::Request<T>) -> Hop {
    match request.headers().get("x-acs-action") {
        Some(action) if action == "AuthorizeFileUpload" => Hop::Authorize,
        Some(_) => Hop::Invoke,
        None => Hop::Upload,
    }
}

fn judge_error(error: &Error, hop: Hop, status: u16) {
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(SECRET), "the secret is shown");
    assert!(!error.to_string().is_empty());
    // An authorization that reads well and makes no sense is an error of ours, without a status.
    if hop != Hop::Authorize {
        assert_eq!(error.http_status(), Some(status), "{error}");
    }
}

/// Decodes the answer as every operation would.
fn decode(reply: &imagesearch_core::exchange::RawResponse) {
    macro_rules! each {
        ($($answer:ident)*) => {
            $(if let Ok(answer) = reply.clone().decode::<imagesearch_core::answers::$answer>() {
                // What was read can be shown and written.
                assert!(!format!("{answer:?}").is_empty());
                serde_json::to_vec(&answer).expect("an answer can be written");
            })*
        };
    }
    each! {
        AddImageResponse CheckImageExistsResponse CompareSimilarByImageResponse DeleteImageResponse
        DetailResponse DumpMetaResponse DumpMetaListResponse IncreaseInstanceResponse
        IncreaseListResponse SearchImageByFilterResponse SearchImageByNameResponse
        SearchImageByPicResponse SearchImageByTextResponse UpdateImageResponse
    }
}

/// A grey picture of 200 by 200 pixels, by its header; nothing here decodes the rest.
const PNG: [u8; 33] = [
    0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0,
    0, 200, 0, 0, 0, 200, 8, 0, 0, 0, 0, 0, 0, 0, 0,
];
