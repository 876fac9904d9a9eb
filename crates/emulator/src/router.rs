//! Which path goes where.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::middleware::map_response_with_state;
use axum::routing::get;
use http::{HeaderValue, Response, request::Parts};
use imagesearch_core::{API_VERSION, OPERATIONS};

use crate::admin;
use crate::answer::Refusal;
use crate::date::tell_time;
use crate::service;
use crate::state::State;
use crate::tasks::{RESULTS_ROUTE, serve_results};

/// Routes the paths of all operations, and what belongs to the emulator itself.
pub(crate) fn router(state: Arc<State>) -> Router {
    let paths: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.path()).collect();
    let routes = paths
        .into_iter()
        .fold(Router::new(), |routes, path| routes.route(path, axum::routing::any(operation)));
    let admin = admin::router(&state);
    routes
        .nest_service("/_emulator", admin)
        .route(RESULTS_ROUTE, get(serve_results))
        .fallback(unknown)
        .layer(map_response_with_state(Arc::clone(&state), tell_time))
        .with_state(state)
}

async fn operation(Shared(state): Shared<Arc<State>>, request: Request) -> Response<Body> {
    service::serve(&state, request).await
}

async fn unknown(Shared(state): Shared<Arc<State>>, request: Request) -> Response<Body> {
    let (Parts { headers, .. }, _) = request.into_parts();
    let host = headers.get(http::header::HOST).map(HeaderValue::to_str);
    let host = host.and_then(Result::ok).unwrap_or_default();
    Refusal::of("InvalidApi.NotFound")
        .because(format!(
            "version {API_VERSION} has only the path `/`, and no version has this one"
        ))
        .into_response(&state.request_ids.next(), host)
}
