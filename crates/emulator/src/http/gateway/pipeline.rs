//! One request to the path of an operation, from its arrival to its answer: observe, read, identify,
//! fault, authenticate, decode, serve, render.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header};
use imagesearch_core::operation::Operation;

use super::answer::{self, refused};
use super::auth::finding::AuthFinding;
use super::auth::signing::Signed;
use super::faults::Circumstances;
use super::faults::apply::{FaultContext, apply};
use super::generated::dispatch::dispatch;
use super::hop::Hop;
use super::identify::is_upload;
use super::identify::{Head, Identified, Target};
use super::journal::Observed;
use super::present::{Json, Presenter};
use crate::http::context::Context;
use crate::http::oss::authorize::authorize_file_upload;
use crate::http::oss::post_object::{post_object, refuse_body};
use crate::http::transport::connection::ConnectionControl;
use crate::http::transport::date::set_date;
use crate::http::transport::request_body::ReadBody;
use crate::service::decode::{Sent, SentPairs};
use crate::service::refusal::Refusal;

/// Serves a request, be it a call or an upload.
pub(crate) async fn serve(context: &Context, request: Request<Body>) -> Response<Body> {
    let request_id = context.next_request_id();
    let connection = request.extensions().get::<ConnectionControl>().cloned();
    let mut observed = Observed::begin(
        &context.journal,
        &context.metrics,
        &request_id,
        context.service.clock.now(),
    );
    let exchange = Exchange { context, request_id: &request_id };
    let response = exchange.run(request, connection.as_ref(), &mut observed).await;
    // A response that no client receives does not count.
    if !connection.is_some_and(|it| it.is_reset()) {
        observed.answered(&response);
    }
    response
}

/// A request that is being answered.
#[derive(Clone, Copy)]
struct Exchange<'a> {
    context: &'a Context,
    request_id: &'a str,
}

impl Exchange<'_> {
    async fn run(
        self,
        request: Request<Body>,
        connection: Option<&ConnectionControl>,
        observed: &mut Observed<'_>,
    ) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let host = host(&parts.headers);
        if !self.context.is_ready() {
            let refusal = Refusal::of("ServiceUnavailable")
                .because("the emulator is starting; /_emulator/health says when it is ready");
            return refused(refusal, self.request_id, &host);
        }
        let head = Head::of(parts);
        // The client may give up while it sends the body.
        observed.describe(&head.summary);
        let read = match self.read(&head, body, &host).await {
            Ok(read) => read,
            Err(refused) => return refused,
        };
        let request = head.with_body(read.bytes.clone());
        observed.describe(&request.summary);
        match (self.context.faults.choose(&request.summary), connection) {
            (Err(refusal), _) => refused(refusal, self.request_id, &host),
            (Ok(Some(chosen)), Some(connection)) => {
                observed.hit_by(&chosen.rule);
                let (hop, connection) = (request.summary.hop, connection.clone());
                let fault =
                    FaultContext { hop, request_id: self.request_id, host: &host, connection };
                apply(&chosen.effect, fault, |it| self.answer(request, &host, it)).await
            }
            // Every request comes over a connection; without one there is nothing to do wrong.
            (Ok(_), _) => self.answer(request, &host, Circumstances::default()).await,
        }
    }

    /// Reads the body, or refuses the request in the shape that it expects.
    async fn read(self, head: &Head, body: Body, host: &str) -> Result<ReadBody, Response<Body>> {
        self.context.bodies.read(body).await.map_err(|error| {
            if is_upload(&head.parts) {
                refuse_body(self.context, error, self.request_id)
            } else {
                refused(error.refusal(), self.request_id, host)
            }
        })
    }

    /// Answers a request that has come as a whole.
    async fn answer(
        self,
        request: Identified,
        host: &str,
        circumstances: Circumstances,
    ) -> Response<Body> {
        let (context, request_id) = (self.context, self.request_id);
        let now = circumstances.now(&context.service.clock);
        let mut response = match request.summary.hop {
            Hop::Oss => {
                let Identified { parts, body, .. } = request;
                post_object(context, &parts.headers, body, circumstances, request_id).await
            }
            Hop::Api | Hop::Authorize => self.call(request, host, circumstances).await,
        };
        set_date(&mut response, now);
        response
    }

    /// Answers a call: authenticates, serves and renders it.
    async fn call(
        self,
        mut request: Identified,
        host: &str,
        circumstances: Circumstances,
    ) -> Response<Body> {
        let (target, pairs) = match target(&mut request) {
            Ok(found) => found,
            Err(refusal) => return refused(refusal, self.request_id, host),
        };
        let (checked, finding) = self.authenticate(&request, &pairs, circumstances);
        let served = match checked {
            Ok(()) => self.serve(target, &pairs, &request.body, circumstances).await,
            Err(refusal) => Err(refusal),
        };
        if let (Ok(_), Hop::Api, Some(id)) = (&served, request.summary.hop, &request.summary.call) {
            self.context.service.executions.count(id);
        }
        self.render(served, finding, host)
    }

    /// Checks who calls.
    fn authenticate(
        self,
        request: &Identified,
        pairs: &SentPairs,
        circumstances: Circumstances,
    ) -> (Result<(), Refusal>, Option<AuthFinding>) {
        let now = circumstances.now(&self.context.service.clock);
        self.context.auth.check(&signed(request, pairs), now)
    }

    /// Decodes a call and carries it out.
    async fn serve(
        self,
        target: Target,
        pairs: &SentPairs,
        body: &Bytes,
        circumstances: Circumstances,
    ) -> Result<Json, Refusal> {
        match target {
            Target::AuthorizeFileUpload => {
                authorize_file_upload(self.context, &pairs.query, circumstances, self.request_id)
            }
            Target::Operation(operation) => {
                carry_out(self.context, operation, pairs, body, self.request_id).await
            }
        }
    }

    /// Renders the outcome of a call, with the finding of its authentication.
    fn render(
        self,
        served: Result<Json, Refusal>,
        finding: Option<AuthFinding>,
        host: &str,
    ) -> Response<Body> {
        let mut response = match served {
            Ok(json) => answer::json_text(StatusCode::OK, self.request_id, json.0),
            Err(refusal) => refused(refusal, self.request_id, host),
        };
        if let Some(finding) = finding {
            response.extensions_mut().insert(finding);
        }
        response
    }
}

/// Decodes a call, carries it out, and writes the answer; who calls is not asked.
pub(crate) async fn carry_out(
    context: &Context,
    operation: &'static Operation,
    pairs: &SentPairs,
    body: &Bytes,
    request_id: &str,
) -> Result<Json, Refusal> {
    let presenter = Presenter { context, request_id };
    dispatch(&context.service, &Sent { operation, pairs, body }, &presenter).await
}

/// Finds out what a call is addressed to.
fn target(request: &mut Identified) -> Result<(Target, SentPairs), Refusal> {
    let pairs = request.take_pairs()?;
    let target = Target::of(&signed(request, &pairs))?;
    Ok((target, pairs))
}

fn signed<'a>(request: &'a Identified, pairs: &'a SentPairs) -> Signed<'a> {
    Signed {
        method: &request.parts.method,
        path: request.parts.uri.path(),
        query: &pairs.query,
        form: &pairs.form,
        headers: &request.parts.headers,
        body: &request.body,
    }
}

fn host(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    host.unwrap_or_default().to_owned()
}
