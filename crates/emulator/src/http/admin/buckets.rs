//! The buckets over HTTP: objects at `/_emulator/buckets/{bucket}/{key}`, a list at the bucket.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State as Shared};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header};
use serde_json::json;

use crate::http::context::Context;
use crate::http::gateway::answer;
use crate::http::gateway::form;
use crate::http::transport::streamed::streamed;

/// How many objects a list has at most.
const MAX_LISTED: usize = 1_000;

/// Routes the paths of buckets and objects, below `/_emulator`.
pub(crate) fn routes() -> Router<Arc<Context>> {
    Router::new()
        .route("/buckets/{bucket}", get(list))
        .route("/buckets/{bucket}/{*key}", get(read).put(store))
}

/// Lists the objects of a bucket by key; those that begin with `prefix` and come after `after`.
async fn list(
    Shared(context): Shared<Arc<Context>>,
    Path(bucket): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let request_id = context.next_request_id();
    let query = form::pairs(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let value = |name: &str| {
        query.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value.as_str())
    };
    let listed =
        tokio::task::block_in_place(|| context.service.buckets.list(&bucket, value("prefix")));
    match listed {
        Ok(mut objects) => {
            objects.retain(|object| object.key.as_str() > value("after"));
            let truncated = objects.len() > MAX_LISTED;
            objects.truncate(MAX_LISTED);
            let body = json!({ "bucket": bucket, "objects": objects, "truncated": truncated });
            answer::json(StatusCode::OK, &request_id, &body)
        }
        Err(refusal) => answer::refused(refusal, &request_id, host(&headers)),
    }
}

/// Answers an object as it is, however large. A `HEAD` is answered by the same, without the body.
async fn read(
    Shared(context): Shared<Arc<Context>>,
    Path((bucket, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    let request_id = context.next_request_id();
    match tokio::task::block_in_place(|| context.service.buckets.open(&bucket, &key)) {
        Ok(object) => {
            let content = streamed(object.content, object.size);
            let mut response =
                answer::response(StatusCode::OK, &request_id, "application/octet-stream", content);
            // An object is anyone's file; a browser must not take it for a page of the emulator's.
            let headers = response.headers_mut();
            let nosniff = HeaderValue::from_static("nosniff");
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
            response
        }
        Err(refusal) => answer::refused(refusal, &request_id, host(&headers)),
    }
}

/// Stores the body as an object.
async fn store(
    Shared(context): Shared<Arc<Context>>,
    Path((bucket, key)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let request_id = context.next_request_id();
    let (parts, body) = request.into_parts();
    let stored = match context.bodies.read(body).await {
        Ok(content) => {
            let put = || context.service.buckets.put(&bucket, &key, content.bytes.clone());
            tokio::task::block_in_place(put)
        }
        Err(error) => Err(error.refusal()),
    };
    match stored {
        Ok(()) => answer::response(StatusCode::OK, &request_id, "text/plain", Vec::new()),
        Err(refusal) => answer::refused(refusal, &request_id, host(&parts.headers)),
    }
}

fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}
