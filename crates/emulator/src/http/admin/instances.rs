//! Instances: listed, created, changed and removed.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::routing::get;
use http::{Response, StatusCode};
use serde_json::json;
use tokio::task::block_in_place;

use super::answer::{self, Answer};
use crate::http::context::Context;
use crate::service::instance_info::InstanceInfo;
use crate::store::StoreError;
use crate::store::instance_settings::InstanceSettings;

pub(super) fn routes() -> Router<Arc<Context>> {
    Router::new()
        .route("/instances", get(list))
        .route("/instances/{name}", get(show).put(put).delete(remove))
}

async fn list(Shared(context): Shared<Arc<Context>>) -> Response<Body> {
    let instances = context.service.store.instances();
    let instances: Vec<_> = instances.iter().map(|it| InstanceInfo::of(it)).collect();
    answer::json(&json!({ "instances": instances }))
}

async fn show(Shared(context): Shared<Arc<Context>>, Path(name): Path<String>) -> Answer {
    let instance = context.service.store.instance(&name).ok_or(StoreError::NoInstance { name })?;
    Ok(answer::json(&InstanceInfo::of(&instance)))
}

/// Creates an instance (201) or changes what the body names of one that is there (200).
async fn put(
    Shared(context): Shared<Arc<Context>>,
    Path(name): Path<String>,
    body: Body,
) -> Answer {
    let change = answer::read(body).await?;
    let settings = |old: Option<&InstanceSettings>| {
        old.cloned().unwrap_or_else(|| InstanceSettings::new(&name)).changed(change)
    };
    let now = context.service.clock.now();
    // It may wait for the disk.
    let changed = block_in_place(|| context.service.store.change_instance(&name, now, settings))?;
    let status = if changed.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(answer::json_with(status, &InstanceInfo::of(&changed.instance)))
}

/// Removes an instance, and counts the pictures that it had.
async fn remove(Shared(context): Shared<Arc<Context>>, Path(name): Path<String>) -> Answer {
    let removed = block_in_place(|| context.service.store.remove_instance(&name))?;
    Ok(answer::json(&json!({ "removed": removed })))
}
