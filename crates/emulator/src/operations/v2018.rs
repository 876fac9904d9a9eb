//! The operations of 2018-01-20: items of several pictures, in a body with a `^`.

mod add_item;
mod body;
mod delete_item;
mod names;
mod search_item;

use axum::body::Body;
use http::Response;

use super::Call;
use crate::answer::Refusal;

pub(super) use body::read_body;
pub(crate) use names::name_since_2018;
pub(super) use names::renamed;

/// Runs an operation.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    match call.operation.name {
        "AddItem" => add_item::run(call).await,
        "DeleteItem" => delete_item::run(&call),
        "SearchItem" => search_item::run(call).await,
        _ => Err(Refusal::of("UnsupportedOperationType")),
    }
}
