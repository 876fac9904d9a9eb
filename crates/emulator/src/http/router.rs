//! Which path goes where.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::middleware::map_response_with_state;
use axum::routing::get;
use http::{HeaderValue, Response, header, request::Parts};
use imagesearch_core::API_VERSION;
use imagesearch_core::operations::OPERATIONS;

use crate::http::admin;
use crate::http::context::Context;
use crate::http::gateway::answer::refused;
use crate::http::gateway::pipeline::serve;
use crate::http::oss::task_results::serve_results;
use crate::http::transport::date::set_date;
use crate::service::refusal::Refusal;
use crate::service::task_results::RESULTS_PATH;

/// Routes the paths of all operations, and what belongs to the emulator itself.
pub(crate) fn router(context: Arc<Context>) -> Router {
    let paths: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.path()).collect();
    let routes = paths
        .into_iter()
        .fold(Router::new(), |routes, path| routes.route(path, axum::routing::any(operation)));
    let admin = admin::router(&context);
    routes
        .nest_service("/_emulator", admin)
        .route(&format!("{RESULTS_PATH}{{name}}"), get(serve_results))
        .fallback(unknown)
        .layer(map_response_with_state(Arc::clone(&context), tell_time))
        .with_state(context)
}

async fn operation(Shared(context): Shared<Arc<Context>>, request: Request) -> Response<Body> {
    serve(&context, request).await
}

async fn unknown(Shared(context): Shared<Arc<Context>>, request: Request) -> Response<Body> {
    let (Parts { headers, .. }, _) = request.into_parts();
    let host = headers.get(header::HOST).map(HeaderValue::to_str);
    let host = host.and_then(Result::ok).unwrap_or_default();
    let reason =
        format!("version {API_VERSION} has only the path `/`, and no version has this one");
    let refusal = Refusal::of("InvalidApi.NotFound").because(reason);
    refused(refusal, &context.next_request_id(), host)
}

/// Tells the time in an answer that does not tell another one yet.
async fn tell_time(
    Shared(context): Shared<Arc<Context>>,
    mut response: Response<Body>,
) -> Response<Body> {
    if !response.headers().contains_key(header::DATE) {
        set_date(&mut response, context.service.clock.now());
    }
    response
}
