//! The console page at `/_emulator/`, and what it asks the emulator for besides the admin API.

mod gallery;
pub(crate) mod page;
mod search;
mod thumbnail;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::http::context::Context;

/// Routes what the page shows; it is guarded as the rest of the admin API is.
pub(crate) fn routes() -> Router<Arc<Context>> {
    Router::new()
        .route("/instances/{name}/images", get(gallery::list))
        .route("/instances/{name}/thumbnail", get(thumbnail::show))
        .route("/instances/{name}/search", post(search::run))
}
