//! How the emulator is, what it is, and its end.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::routing::{get, post};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use super::answer;
use crate::http::context::Context;
use crate::http::gateway::auth::account::Auth;
use crate::http::gateway::journal;
use crate::http::oss::signer;
use crate::http::transport::request_body;

/// The version of the admin API; it counts changes that callers must know of.
const API: u32 = 1;

pub(super) fn routes() -> Router<Arc<Context>> {
    Router::new()
        .route("/info", get(info))
        .route("/executions/{call}", get(executions))
        .route("/shutdown", post(shutdown))
}

/// Returns whether calls are served; open to all.
pub(super) async fn health(Shared(context): Shared<Arc<Context>>) -> Response<Body> {
    let (status, text) = if context.is_ready() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "starting")
    };
    let body = json!({ "status": text, "version": env!("CARGO_PKG_VERSION"), "api": API });
    answer::json_with(status, &body)
}

/// Returns the certificate that HTTPS clients must trust; open to all.
pub(super) async fn ca_pem(Shared(context): Shared<Arc<Context>>) -> Response<Body> {
    let mut response = Response::new(Body::from(context.admin.ca_pem.clone()));
    let pem = HeaderValue::from_static("application/x-pem-file");
    response.headers_mut().insert(header::CONTENT_TYPE, pem);
    response
}

async fn info(Shared(context): Shared<Arc<Context>>) -> Response<Body> {
    let authority = context.authority();
    answer::json(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "port": context.address.port(),
        "url": format!("http://{authority}"),
        "https_url": format!("https://{authority}"),
        "public_host": context.host.authority(),
        "ca_file": context.admin.ca_file,
        "descriptor_version": imagesearch_similarity::DESCRIPTOR_VERSION,
        "auth": match context.auth.mode() {
            Auth::Strict => "strict",
            Auth::Lax => "lax",
            Auth::Off => "off",
        },
        "data": context.admin.storage.data,
        "keep_images": context.admin.storage.keep_images,
        "limits": {
            "memory_bytes": context.admin.storage.max_memory,
            "body_bytes": request_body::MAX_BODY_BYTES,
            "upload_bytes": signer::MAX_BYTES,
            "connections": context.limits.connections,
            "requests_remembered": journal::MAX_REQUESTS,
        },
    }))
}

async fn executions(
    Shared(context): Shared<Arc<Context>>,
    Path(call): Path<String>,
) -> Response<Body> {
    answer::json(&json!({ "call": call, "executions": context.service.executions.of(&call) }))
}

async fn shutdown(Shared(context): Shared<Arc<Context>>) -> Response<Body> {
    // Requests that run may end, this one among them.
    context.admin.stop.shutdown();
    answer::json(&json!({ "status": "stopping" }))
}
