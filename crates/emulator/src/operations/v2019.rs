//! The operations of 2019-03-25: pictures as Base64 in the form, and one search for both ways.

mod add_image;
mod delete_image;
mod search_image;

use axum::body::Body;
use http::Response;

use super::Call;
use crate::answer::Refusal;

/// Runs an operation.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    match call.operation.name {
        "AddImage" => add_image::run(call).await,
        "DeleteImage" => delete_image::run(&call),
        "SearchImage" => search_image::run(call).await,
        _ => Err(Refusal::of("UnsupportedOperationType")),
    }
}
