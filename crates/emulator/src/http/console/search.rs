//! Searches that the page asks for: without a signature, and otherwise as the API has them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State as Shared};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Response, StatusCode};
use imagesearch_core::API_VERSION;
use imagesearch_core::operation::Location;
use imagesearch_core::operation::Operation;

use crate::http::admin::answer::AdminError;
use crate::http::context::Context;
use crate::http::gateway::answer::{json_text, refused};
use crate::http::gateway::hop::Hop;
use crate::http::gateway::identify::RequestSummary;
use crate::http::gateway::journal::Observed;
use crate::http::gateway::pipeline::carry_out;
use crate::http::gateway::present::Json;
use crate::http::transport::request_body::BodyError;
use crate::service::decode::SentPairs;
use crate::service::refusal::Refusal;

/// What the query may have, and the parameter of the operation that it sets.
const PARAMETERS: [(&str, &str); 10] = [
    ("num", "Num"),
    ("start", "Start"),
    ("category_id", "CategoryId"),
    ("crop", "Crop"),
    ("region", "Region"),
    ("filter", "Filter"),
    ("score_threshold", "ScoreThreshold"),
    ("distinct_product_id", "DistinctProductId"),
    ("product_id", "ProductId"),
    ("pic_name", "PicName"),
];

type Pairs = Vec<(String, String)>;

/// Searches with the picture that is the body, or with a stored one that the query names.
///
/// The answer is that of `SearchImageByPic` or `SearchImageByName`, with the same limits and errors.
pub(super) async fn run(
    Shared(context): Shared<Arc<Context>>,
    Path(instance): Path<String>,
    query: Result<Query<Pairs>, QueryRejection>,
    request: Request,
) -> Response<Body> {
    let parameters = query.map_err(AdminError::bad).and_then(|Query(query)| parameters(query));
    let parameters = match parameters {
        Ok(parameters) => parameters,
        Err(error) => {
            // Who is still sending a picture would not get to the answer.
            let _ = context.bodies.read(request.into_body()).await;
            return error.into_response();
        }
    };
    let request_id = context.next_request_id();
    let mut observed = Observed::begin(
        &context.journal,
        &context.metrics,
        &request_id,
        context.service.clock.now(),
    );
    let search = Search { instance, parameters, request_id: &request_id };
    let answered = search.run(&context, request.into_body(), &mut observed).await;
    let response = match answered {
        Ok(json) => json_text(StatusCode::OK, &request_id, json.0),
        Err(refusal) => refused(refusal, &request_id, &context.host.authority()),
    };
    observed.answered(&response);
    response
}

/// A search that is asked for.
struct Search<'a> {
    instance: String,
    parameters: Pairs,
    request_id: &'a str,
}

impl Search<'_> {
    async fn run(
        mut self,
        context: &Context,
        body: Body,
        observed: &mut Observed<'_>,
    ) -> Result<Json, Refusal> {
        let by_name = self.parameters.iter().any(|(name, _)| name == "ProductId");
        let action = if by_name { "SearchImageByName" } else { "SearchImageByPic" };
        observed.describe(&self.summary(action, None));
        let read = context.bodies.read(body).await.map_err(BodyError::refusal)?;
        if !by_name {
            observed.describe(&self.summary(action, Some(read.bytes.len())));
            self.parameters.push(("PicContent".to_owned(), STANDARD.encode(&read.bytes)));
        }
        self.parameters.push(("InstanceName".to_owned(), self.instance));
        let operation = Operation::find(API_VERSION, action)
            .ok_or_else(|| Refusal::of("InvalidApi.NotFound"))?;
        let in_query = |(name, _): &(String, String)| {
            operation.parameter(name).is_some_and(|it| it.location == Location::Query)
        };
        let (query, form) = self.parameters.into_iter().partition(in_query);
        let pairs = SentPairs { query, form };
        carry_out(context, operation, &pairs, &Bytes::new(), self.request_id).await
    }

    /// Describes the search for the journal; it has no account, since nobody signed it.
    fn summary(&self, action: &str, picture_bytes: Option<usize>) -> RequestSummary {
        RequestSummary {
            hop: Hop::Api,
            action: Some(action.to_owned()),
            instance: Some(self.instance.clone()),
            pic_name: None,
            account: None,
            keys: self.parameters.iter().map(|(name, _)| name.clone()).collect(),
            picture_bytes,
            fault: None,
            call: None,
        }
    }
}

/// Names what the query sets as the operation does.
fn parameters(query: Pairs) -> Result<Pairs, AdminError> {
    let renamed = query.into_iter().map(|(name, value)| {
        let known = PARAMETERS.iter().find(|(own, _)| *own == name);
        match known {
            Some((_, parameter)) => Ok(((*parameter).to_owned(), value)),
            None => Err(AdminError::bad(format!(
                "`{name}` is not known here; the query may have {}",
                PARAMETERS.map(|(own, _)| own).join(", ")
            ))),
        }
    });
    renamed.collect()
}
