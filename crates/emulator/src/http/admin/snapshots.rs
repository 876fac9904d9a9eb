//! States that the emulator can be set back to.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::routing::{get, post};
use serde_json::json;

use super::answer::{self, Answer};
use crate::http::context::Context;

pub(super) fn routes() -> Router<Arc<Context>> {
    Router::new()
        .route("/snapshots", get(list))
        .route("/snapshots/{name}", post(take).delete(remove))
        .route("/snapshots/{name}/restore", post(restore))
}

async fn list(Shared(context): Shared<Arc<Context>>) -> Answer {
    let names = tokio::task::block_in_place(|| context.service.store.snapshots())?;
    Ok(answer::json(&json!({ "snapshots": names })))
}

/// Keeps what is stored now under a name, in place of what had that name.
async fn take(Shared(context): Shared<Arc<Context>>, Path(name): Path<String>) -> Answer {
    tokio::task::block_in_place(|| context.service.store.snapshot(&name))?;
    Ok(answer::json(&json!({ "snapshot": name })))
}

async fn restore(Shared(context): Shared<Arc<Context>>, Path(name): Path<String>) -> Answer {
    tokio::task::block_in_place(|| context.service.store.restore(&name))?;
    Ok(answer::json(&json!({ "restored": name })))
}

async fn remove(Shared(context): Shared<Arc<Context>>, Path(name): Path<String>) -> Answer {
    tokio::task::block_in_place(|| context.service.store.remove_snapshot(&name))?;
    Ok(answer::json(&json!({ "removed": name })))
}
