use axum::body::Body;
use http::Response;
use imagesearch_core::{Value, v2018::AddItemResponse};

use crate::answer::Refusal;
use crate::operations::{Call, SUCCESS, add_image::add_all, view::View};
use crate::store::ImageKey;

/// Stores the pictures of an item, or replaces those of the same names.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let pictures = match call.parameters.get("pictures") {
        Some(Value::Pictures(pictures)) => pictures.as_slice(),
        _ => return Err(Refusal::of("NoSpecifiedAddPic")),
    };
    let product_id = call.text("ProductId").unwrap_or_default();
    let views = pictures.iter().map(|picture| {
        let key = ImageKey { product_id: product_id.clone(), pic_name: picture.name().to_owned() };
        (key, View::new(&call.instance, call.operation, &call.parameters, picture.image()))
    });
    add_all(&call, views.collect()).await?;
    let mut response = AddItemResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.message = Some(SUCCESS.to_owned());
    Ok(call.answer(&response))
}
