//! The admin API under `/_emulator/`: for tests, for scripts, and for the console page.

pub(crate) mod access;
pub(crate) mod answer;
mod buckets;
mod exposition;
mod fault_rules;
mod guard;
mod instances;
mod metrics;
mod requests;
mod reset;
mod seeding;
pub(crate) mod settings;
mod snapshots;
mod status;
mod time;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use http::StatusCode;

use crate::http::console;
use crate::http::context::Context;
use answer::AdminError;

/// Routes what comes below `/_emulator`; paths are relative to that.
pub(crate) fn router(context: &Arc<Context>) -> Router {
    let open =
        Router::new().route("/health", get(status::health)).route("/ca.pem", get(status::ca_pem));
    let (guarded, open) = if context.admin.access.is_off() {
        (Router::new().fallback(switched_off), open)
    } else {
        let guarded = guarded().fallback(unknown).method_not_allowed_fallback(wrong_method);
        (guarded, open.merge(console::page::routes()))
    };
    let guard = from_fn_with_state(Arc::clone(context), guard::guard);
    // The fallback is guarded like the rest, so that nobody learns which paths there are.
    guarded.layer(guard).merge(open).with_state(Arc::clone(context))
}

/// Routes all that the guard stands before; what is added here is guarded without further ado.
fn guarded() -> Router<Arc<Context>> {
    Router::new()
        .merge(buckets::routes())
        .merge(status::routes())
        .merge(instances::routes())
        .merge(metrics::routes())
        .merge(requests::routes())
        .merge(reset::routes())
        .merge(seeding::routes())
        .merge(snapshots::routes())
        .merge(time::routes())
        .merge(fault_rules::routes())
        .merge(console::routes())
}

async fn switched_off() -> AdminError {
    AdminError::new(
        StatusCode::NOT_FOUND,
        "the admin API is disabled, except health and ca.pem; start without --no-admin",
    )
}

async fn unknown(request: Request) -> AdminError {
    let path = request.uri().path();
    AdminError::new(StatusCode::NOT_FOUND, format!("no such path: /_emulator{path}"))
}

async fn wrong_method(request: Request) -> AdminError {
    AdminError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("/_emulator{} does not support {}", request.uri().path(), request.method()),
    )
}
