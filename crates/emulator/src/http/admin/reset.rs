//! Pictures taken away, all of them or those of an instance.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::routing::post;
use serde::Deserialize;
use serde_json::json;
use tokio::task::block_in_place;

use super::answer::{self, Answer};
use crate::http::context::Context;

pub(super) fn routes() -> Router<Arc<Context>> {
    Router::new().route("/reset", post(reset))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    instance: Option<String>,
}

async fn reset(Shared(context): Shared<Arc<Context>>, body: Body) -> Answer {
    let Order { instance } = answer::read(body).await?;
    // It may wait for the disk.
    let removed = block_in_place(|| context.service.reset(instance.as_deref()))?;
    Ok(answer::json(&json!({ "removed": removed })))
}
