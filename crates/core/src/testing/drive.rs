//! The driver of a mocked client: the loop around an exchange, with rules in place of a transport.

use std::{
    sync::{Arc, OnceLock},
    task::Waker,
};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde_json::json;

use super::{received_call::ReceivedCall, reply::Outcome, service::MockService};
use crate::{
    body::Body,
    config::{ClientBuilder, Config, FromConfig},
    credentials::Credentials,
    error::Error,
    exchange::{Answer, Effect, Exchange, LoadError, PreparedCall, RawResponse, Shared},
    parameters::Value,
    upload,
};

impl MockService {
    /// Carries out a call of a client, in virtual time.
    ///
    /// # Errors
    ///
    /// As those of a call over the network; or no rule matches the call.
    pub fn drive(&self, shared: &Arc<Shared>, call: PreparedCall) -> Result<RawResponse, Error> {
        let _running = self.running.acquire()?;
        let received = ReceivedCall::new(&call);
        let mut exchange = Exchange::new(Arc::clone(shared), call, self.clock.now())?;
        loop {
            let now = self.clock.now();
            match exchange.poll(now, &mut &self.clock, Waker::noop()) {
                Effect::Transmit(transmit) => match self.outcome(&received, &transmit.request)? {
                    Outcome::Answer(answer) => exchange.handle_response(transmit.id, now, answer),
                    Outcome::Failure(failure) => exchange.handle_failure(transmit.id, now, failure),
                    Outcome::Silence(phase) => exchange.handle_progress(transmit.id, phase),
                },
                // A mock has neither an environment nor files.
                Effect::Load { id, .. } => exchange.handle_loaded(id, Err(LoadError::NotFound)),
                // Nothing comes back from a request that is left without an answer.
                Effect::Cancel(_) => {}
                Effect::Wait { until } => self.clock.advance_to(until),
                Effect::Done(result) => return result,
            }
        }
    }

    /// Decides the result of one request of a call.
    fn outcome(
        &self,
        call: &ReceivedCall,
        request: &http::Request<Body>,
    ) -> Result<Outcome, Error> {
        let header = |name: &str| request.headers().get(name).map(HeaderValue::as_bytes);
        if header("x-acs-action") == Some(upload::AUTHORIZE.0.as_bytes()) {
            return Ok(Outcome::Answer(authorization()));
        }
        let content_type = header(CONTENT_TYPE.as_str()).unwrap_or_default();
        if content_type.starts_with(b"multipart/form-data") {
            let mut stored = Answer::new(Bytes::new());
            *stored.status_mut() = StatusCode::CREATED;
            return Ok(Outcome::Answer(stored));
        }
        self.reply(call)?.outcome(call)
    }
}

impl ReceivedCall {
    fn new(call: &PreparedCall) -> Self {
        let mut parameters = call.parameters().clone();
        for (name, value) in call.extra_parameters() {
            parameters.set(name.to_owned(), Value::Text(value.into_owned()));
        }
        Self {
            operation: call.operation(),
            version: call.version().to_owned(),
            name: call.name().to_owned(),
            instance: call.instance().to_owned(),
            parameters,
            misnamed: OnceLock::new(),
        }
    }
}

/// Completes the settings of a mocked client and checks them.
///
/// Without a region the client is in `cn-shanghai`, without credentials it has a constant access key,
/// and without certificates it trusts none.
///
/// # Errors
///
/// As for [`ClientBuilder::build`].
pub fn mock_config<C: FromConfig>(
    builder: ClientBuilder<C>,
) -> Result<(Config, Option<C::HttpClient>), Error> {
    let region = |name: &str| (name == "ALIBABA_CLOUD_REGION_ID").then(|| "cn-shanghai".to_owned());
    let mut builder = builder.with_environment(region);
    if builder.credentials.is_none() {
        let key = Credentials::access_key("mock-access-key-id", "mock-access-key-secret");
        builder = builder.with_credentials(key);
    }
    let (mut config, http) = builder.into_config()?;
    config.tls_roots.get_or_insert_default();
    Ok((config, http))
}

/// Writes an authorization for an upload.
fn authorization() -> Answer {
    let body = json!({
        "AccessKeyId": "mock-upload-key-id",
        "Bucket": "mock",
        "Endpoint": "oss-cn-shanghai.aliyuncs.com",
        "ObjectKey": "mock/picture",
        "EncodedPolicy": "mock-upload-policy",
        "Signature": "mock-upload-signature",
        "UseAccelerate": true,
    });
    Answer::new(Bytes::from(body.to_string()))
}
