//! The request of one attempt: built and signed anew each time.

use std::{sync::Arc, time::Duration};

use http::header::USER_AGENT;

use super::{
    Entropy, Exchange, Id, Now, Send, clock_skew::corrected, signature_mismatch::keep, track::Stage,
};
use crate::{
    api_request::{ApiRequest, RequestBody},
    body::Body,
    credentials::{Credentials, FetchRequest},
    error::Error,
    operation::Style,
    sign::{SignatureMethod, SigningContext, hex},
    upload,
};

impl Exchange {
    /// Builds the request of a track's stage, signed afresh.
    pub(super) fn build(
        &mut self,
        index: usize,
        now: Now,
        credentials: Option<Arc<Credentials>>,
        entropy: &mut dyn Entropy,
    ) -> Result<http::Request<Body>, Error> {
        let nonce = entropy.draw().map(|bytes| hex(&bytes)).ok_or_else(|| {
            Error::config("the system has no randomness for the nonce of a signature")
        })?;
        let config = &self.shared.config;
        let stage = self.tracks.get(index).map(|track| &track.stage);
        if let Some(Stage::Upload(picture, authorization)) = stage {
            let mut upload = authorization.upload(config, &picture.image, &nonce)?;
            upload.headers_mut().extend(self.headers.clone());
            return Ok(upload);
        }
        let Some(credentials) = credentials else {
            return Err(Error::config("a signed request needs credentials"));
        };
        let placed;
        let region;
        let request = match stage {
            Some(Stage::Authorize(_)) => {
                let id = config.region.as_ref().map_or("", |region| region.as_str());
                region = [
                    ("Product".to_owned(), crate::generated::service::PRODUCT.to_owned()),
                    ("RegionId".to_owned(), id.to_owned()),
                ];
                ApiRequest {
                    endpoint: &config.open_platform,
                    method: http::Method::GET,
                    style: Style::Rpc,
                    action: upload::AUTHORIZE.0,
                    version: upload::AUTHORIZE.1,
                    query: &region,
                    body: RequestBody::None,
                    // As in the official SDKs, whatever the operation itself is signed with.
                    signature: SignatureMethod::Acs3HmacSha256,
                    extra_headers: &[],
                    user_agent: Some(&config.user_agent),
                }
            }
            _ => {
                placed = self.call.place();
                ApiRequest {
                    endpoint: &config.api,
                    method: self.call.method(),
                    style: self.call.style(),
                    action: self.call.name(),
                    version: self.call.version(),
                    query: &placed.query,
                    body: RequestBody::new(&placed, self.call.has_form()),
                    signature: config.signature,
                    extra_headers: &[],
                    user_agent: Some(&config.user_agent),
                }
            }
        };
        // Read once, so that one signature never has two times.
        let offset = self
            .tracks
            .get(index)
            .and_then(|track| track.trial_offset)
            .unwrap_or_else(|| self.shared.clock_offset.get());
        let context = SigningContext {
            credentials: &credentials,
            timestamp: corrected(now.wall, offset),
            nonce: Some(&nonce),
        };
        let mut signed = request.sign(&context)?;
        signed.request.headers_mut().extend(self.headers.clone());
        if let Some(track) = self.tracks.get_mut(index) {
            track.signed_with = Some(credentials);
            track.signed_offset = offset;
            track.sent_at = now.wall;
            track.stages = keep(signed.stages);
        }
        Ok(signed.request)
    }

    pub(super) fn send(&self, id: Id, request: http::Request<Body>, now: Now) -> Send {
        let config = &self.shared.config;
        let by = self.attempt_deadline(now);
        let connect_by = now.mono.saturating_add(config.connect_timeout).min(by);
        Send { id, request, connect_by, by, cap: config.response_cap, direct: false }
    }

    /// Makes a request for credentials ready to be sent: it says who asks, and may have less time.
    pub(super) fn fetch_request(&self, id: Id, fetch: FetchRequest, now: Now) -> Send {
        let FetchRequest { mut request, timeout, direct } = fetch;
        let user_agent = self.shared.config.user_agent.clone();
        request.headers_mut().entry(USER_AGENT).or_insert(user_agent);
        let mut send = self.send(id, request, now);
        send.by = timeout.map_or(send.by, |timeout| send.by.min(now.mono.saturating_add(timeout)));
        send.connect_by = send.connect_by.min(send.by);
        send.direct = direct;
        if direct {
            let timeout = self.shared.config.direct_connect_timeout();
            send.connect_by = send.connect_by.min(now.mono.saturating_add(timeout));
        }
        send
    }

    pub(super) fn attempt_deadline(&self, now: Now) -> Duration {
        now.mono.saturating_add(self.attempt_timeout).min(self.deadline)
    }
}
