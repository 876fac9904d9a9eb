//! The fault rules, with their hits, and the errors that they can order.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::routing::get;
use http::Response;
use imagesearch_core::errors::ErrorCode;
use serde_json::{Value, json};

use super::answer::{self, AdminError, Answer};
use crate::http::context::Context;

pub(super) fn routes() -> Router<Arc<Context>> {
    Router::new()
        .route("/faults", get(list).put(replace).delete(clear))
        .route("/faults/catalogue", get(catalogue))
}

async fn list(Shared(context): Shared<Arc<Context>>) -> Response<Body> {
    let rules = context.faults.list().into_iter().map(|(rule, hits)| {
        let mut shown = serde_json::to_value(&rule).unwrap_or_default();
        shown["hits"] = Value::from(hits);
        shown
    });
    answer::json(&json!({ "faults": rules.collect::<Vec<_>>() }))
}

/// Replaces all rules by those of the body, an array; each counts from zero.
async fn replace(Shared(context): Shared<Arc<Context>>, body: Body) -> Answer {
    let rules = answer::read(body).await?;
    context.faults.set(rules).map_err(AdminError::bad)?;
    Ok(list(Shared(context)).await)
}

async fn clear(Shared(context): Shared<Arc<Context>>) -> Answer {
    context.faults.set(Vec::new()).map_err(AdminError::bad)?;
    Ok(list(Shared(context)).await)
}

/// Lists the documented errors with what they are answered with.
async fn catalogue() -> Response<Body> {
    let errors = ErrorCode::KNOWN.iter().filter_map(ErrorCode::description).map(|it| {
        json!({ "code": it.code, "http": it.http, "messages": it.messages, "meaning": it.meaning })
    });
    answer::json(&json!({ "errors": errors.collect::<Vec<_>>() }))
}
