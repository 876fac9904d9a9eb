//! Downloads of the files that tasks leave behind, at signed addresses.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use http::{HeaderMap, Response, StatusCode, Uri, header};

use super::refusal::injected;
use crate::http::context::Context;
use crate::http::gateway::{answer, form};
use crate::http::transport::streamed::streamed;
use crate::service::buckets::no_such_key;

/// Serves a file at a URL with a valid signature.
pub(crate) async fn serve_results(
    Shared(context): Shared<Arc<Context>>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let request_id = context.next_request_id();
    let query = form::pairs(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let service = &context.service;
    let content = || {
        context.oss.check_url(&context.host, uri.path(), &query, service.clock.now())?;
        let open = || {
            let file = service.tasks.open_results(&name)?;
            let length = file.metadata()?.len();
            Ok(streamed(file, length))
        };
        tokio::task::block_in_place(open).map_err(|_: io::Error| no_such_key())
    };
    match content() {
        Ok(content) => answer::response(StatusCode::OK, &request_id, "application/jsonl", content),
        Err(refusal) => {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            injected(&refusal, &request_id, host.unwrap_or_default())
        }
    }
}
