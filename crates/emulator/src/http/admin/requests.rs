//! The journal of requests.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use axum::routing::get;
use http::Response;
use serde::Deserialize;
use serde_json::json;

use super::answer::{self, AdminError, Answer};
use crate::http::context::Context;
use crate::http::gateway::journal::{MAX_REQUESTS, Wanted};

pub(super) fn routes() -> Router<Arc<Context>> {
    Router::new().route("/requests", get(list).delete(clear))
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
    MAX_REQUESTS
}

async fn list(
    Shared(context): Shared<Arc<Context>>,
    selection: Result<Query<Selection>, QueryRejection>,
) -> Answer {
    let Query(Selection { since, action, limit }) = selection.map_err(AdminError::bad)?;
    let action = action.as_deref();
    let (requests, next) = context.journal.read(&Wanted { since, action, limit });
    Ok(answer::json(&json!({ "next": next, "requests": requests })))
}

async fn clear(Shared(context): Shared<Arc<Context>>) -> Response<Body> {
    answer::json(&json!({ "removed": context.journal.clear() }))
}
