//! How the emulator is, what it is, and its end.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::routing::{get, post};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use super::answer;
use crate::settings::Auth;
use crate::state::State;
use crate::{journal, oss, request_body};

/// The version of the admin API; it counts changes that callers must know of.
const API: u32 = 1;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/info", get(info))
        .route("/executions/{call}", get(executions))
        .route("/shutdown", post(shutdown))
}

/// Says whether calls are served; open to all.
pub(super) async fn health(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    let (status, text) = if state.is_ready() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "starting")
    };
    let body = json!({ "status": text, "version": env!("CARGO_PKG_VERSION"), "api": API });
    answer::json_with(status, &body)
}

/// Returns the certificate that HTTPS clients must trust; open to all.
pub(super) async fn ca_pem(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    let mut response = Response::new(Body::from(state.admin.ca_pem.clone()));
    let pem = HeaderValue::from_static("application/x-pem-file");
    response.headers_mut().insert(header::CONTENT_TYPE, pem);
    response
}

async fn info(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    let authority = state.authority();
    answer::json(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "port": state.address.port(),
        "url": format!("http://{authority}"),
        "https_url": format!("https://{authority}"),
        "public_host": state.host.authority(),
        "ca_file": state.admin.ca_file,
        "descriptor_version": imagesearch_similarity::DESCRIPTOR_VERSION,
        "auth": match state.auth.mode() {
            Auth::Strict => "strict",
            Auth::Lax => "lax",
            Auth::Off => "off",
        },
        "data": state.admin.storage.data,
        "keep_images": state.admin.storage.keep_images,
        "limits": {
            "memory_bytes": state.admin.storage.max_memory,
            "body_bytes": request_body::MOST_BODY_BYTES,
            "upload_bytes": oss::MOST_BYTES,
            "connections": state.limits.connections,
            "requests_remembered": journal::MOST_REQUESTS,
        },
    }))
}

async fn executions(Shared(state): Shared<Arc<State>>, Path(call): Path<String>) -> Response<Body> {
    answer::json(&json!({ "call": call, "executions": state.executions.of(&call) }))
}

async fn shutdown(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    // Requests that run may end, this one among them.
    state.admin.stop.shutdown();
    answer::json(&json!({ "status": "stopping" }))
}
