//! The two hops of a picture: request an authorization, then upload.

use super::{context::CallContext, signed_request::SignedRequest, signing::Signing};
use crate::{
    attempt::{Attempt, Built, FailedResponse, History, Stop, attempt, classify_upload},
    error::{Error, Hop},
    error_table::RetryClass,
    image::Image,
    io::{Activity, Answer, Io},
    sign::SignatureMethod,
    upload::{UploadAuthorization, authorize},
};

/// Uploads a picture and returns its URL for the operation.
pub(super) async fn upload(io: &Io, call: &CallContext, image: &Image) -> Result<String, Error> {
    let request = authorize(&call.shared.config);
    let mut history = History::default();
    loop {
        let mut ask = SignedRequest {
            stage: Hop::Authorize,
            request: &request,
            // As in the official SDKs, whatever the signature of the operation.
            method: SignatureMethod::Acs3HmacSha256,
            signing: Signing::new(io, call),
            turn: None,
            read: |accepted, _| {
                UploadAuthorization::read(&accepted.object)
                    .map_err(|error| Box::new(FailedResponse::new(error, RetryClass::Transient)))
            },
        };
        let authorization =
            attempt(io, &call.attempts, &mut history, &mut ask).await.map_err(Stop::into_error)?;
        history.next_request();
        let signing = ask.signing;
        let mut upload = Upload { signing, image, authorization: &authorization };
        match attempt(io, &call.attempts, &mut history, &mut upload).await {
            Ok(()) => return Ok(authorization.object_url()),
            Err(Stop::Reauthorize) => {
                history.next_request();
                history.reauthorized = true;
            }
            Err(Stop::Failed(error)) => return Err(error),
        }
    }
}

/// Posts the picture to the object storage.
struct Upload<'a> {
    /// Those of the authorization: uploads are not signed here, but responses may echo its secrets.
    signing: Signing<'a>,
    image: &'a Image,
    authorization: &'a UploadAuthorization,
}

impl Attempt for Upload<'_> {
    type Accepted = ();

    const IS_STAMPED: bool = false;

    fn stage(&self) -> Hop {
        Hop::Upload
    }

    async fn build(&mut self, _activity: &Activity, _trial: Option<i64>) -> Result<Built, Error> {
        let call = self.signing.call;
        let boundary = self.signing.io.nonce().await?;
        let request = self.authorization.upload(&call.shared.config, self.image, &boundary)?;
        Ok(Built { outgoing: call.outgoing(request), clock_offset: 0 })
    }

    fn classify(&self, answer: Answer) -> Result<(), Box<FailedResponse>> {
        classify_upload(&answer, self.signing.secrets().chain(self.authorization.secrets()))
    }

    fn explain(&self, failed: &mut FailedResponse, _body: &[u8]) {
        self.signing.explain_foreign(failed);
    }
}
