//! Pictures of a folder on the emulator's machine, stored in an instance.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::routing::post;
use http::StatusCode;
use serde::Deserialize;

use super::answer::{self, AdminError, Answer};
use crate::http::context::Context;
use crate::service::seed::{SeedError, seed};

pub(super) fn routes() -> Router<Arc<Context>> {
    Router::new().route("/seed", post(store))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    folder: PathBuf,
    instance: String,
}

async fn store(Shared(context): Shared<Arc<Context>>, body: Body) -> Answer {
    let Order { folder, instance } = answer::read(body).await?;
    let work = tokio::task::spawn_blocking(move || seed(&context.service, &instance, &folder));
    match work.await.unwrap_or(Err(SeedError::Interrupted)) {
        Ok(report) => Ok(answer::json(&report)),
        Err(SeedError::Instance(error)) => Err(error.into()),
        Err(error @ SeedError::Unreadable { .. }) => Err(AdminError::bad(error)),
        Err(error @ SeedError::Interrupted) => {
            Err(AdminError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
        }
    }
}
