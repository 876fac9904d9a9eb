//! The admin API under `/_emulator/`: for tests, for scripts, and for the console page.

mod access;
pub(crate) mod answer;
mod fault_rules;
mod instances;
mod requests;
mod reset;
mod seeding;
mod snapshots;
mod status;
mod time;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use http::StatusCode;

use crate::buckets;
use crate::console;
use crate::emulator::ShutdownHandle;
use crate::state::State;
use crate::store::StoreOptions;
use answer::AdminError;

pub(crate) use access::Access;

/// What the admin API knows besides the state of the service.
#[derive(Debug)]
pub(crate) struct Admin {
    pub(crate) access: Access,
    /// The certificate that HTTPS clients must trust.
    pub(crate) ca_pem: String,
    /// The file that holds the certificate, if a folder was given for it.
    pub(crate) ca_file: Option<PathBuf>,
    /// How pictures are stored.
    pub(crate) storage: StoreOptions,
    pub(crate) stop: ShutdownHandle,
}

/// Routes what comes below `/_emulator`; paths are relative to that.
pub(crate) fn router(state: &Arc<State>) -> Router {
    let open =
        Router::new().route("/health", get(status::health)).route("/ca.pem", get(status::ca_pem));
    let (guarded, open) = if state.admin.access.is_off() {
        (Router::new().fallback(switched_off), open)
    } else {
        let guarded = guarded().fallback(unknown).method_not_allowed_fallback(wrong_method);
        (guarded, open.merge(console::page()))
    };
    let guard = from_fn_with_state(Arc::clone(state), access::guard);
    // The fallback is guarded like the rest, so that nobody learns which paths there are.
    guarded.layer(guard).merge(open).with_state(Arc::clone(state))
}

/// Routes all that the guard stands before; what is added here is guarded without further ado.
fn guarded() -> Router<Arc<State>> {
    Router::new()
        .merge(buckets::routes())
        .merge(status::routes())
        .merge(instances::routes())
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
        "the admin API is switched off, all but health and ca.pem; start without --no-admin",
    )
}

async fn unknown(request: Request) -> AdminError {
    let path = request.uri().path();
    AdminError::new(StatusCode::NOT_FOUND, format!("there is nothing at /_emulator{path}"))
}

async fn wrong_method(request: Request) -> AdminError {
    AdminError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("/_emulator{} cannot be asked with {}", request.uri().path(), request.method()),
    )
}
