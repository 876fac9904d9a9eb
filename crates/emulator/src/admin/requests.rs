//! The journal of requests, and the metrics made of them.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use axum::routing::get;
use http::{HeaderValue, Response, header};
use serde::Deserialize;
use serde_json::json;

use super::answer::{self, AdminError, Answer};
use crate::journal::{MOST_REQUESTS, Wanted};
use crate::state::State;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/requests", get(list).delete(clear)).route("/metrics", get(metrics))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Selection {
    #[serde(default)]
    since: u64,
    action: Option<String>,
    #[serde(default = "all")]
    limit: usize,
}

fn all() -> usize {
    MOST_REQUESTS
}

async fn list(
    Shared(state): Shared<Arc<State>>,
    selection: Result<Query<Selection>, QueryRejection>,
) -> Answer {
    let Query(Selection { since, action, limit }) = selection.map_err(AdminError::bad)?;
    let action = action.as_deref();
    let (requests, next) = state.journal.read(&Wanted { since, action, limit });
    Ok(answer::json(&json!({ "next": next, "requests": requests })))
}

async fn clear(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    answer::json(&json!({ "removed": state.journal.clear() }))
}

async fn metrics(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    let mut response = Response::new(Body::from(state.metrics.exposition(&state)));
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
}
