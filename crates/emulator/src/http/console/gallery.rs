//! The pictures of an instance, a page at a time.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Shared};
use imagesearch_core::Filter;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::block_in_place;

use crate::http::admin::answer::{self, AdminError, Answer};
use crate::http::context::Context;
use crate::store::{StoreError, StoredImage};

/// The most pictures of a page, and how many there are unless the query says.
const MAX_COUNT: usize = 200;
const USUAL_COUNT: usize = 50;

/// The attributes as filters name them.
const INTEGERS: [&str; 4] = ["int_attr", "int_attr2", "int_attr3", "int_attr4"];
const STRINGS: [&str; 4] = ["str_attr", "str_attr2", "str_attr3", "str_attr4"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Selection {
    #[serde(default)]
    start: usize,
    #[serde(default = "usual")]
    count: usize,
    filter: Option<String>,
}

fn usual() -> usize {
    USUAL_COUNT
}

/// Lists a page of the pictures that match, in the order they were added, and counts all that do.
pub(super) async fn list(
    Shared(context): Shared<Arc<Context>>,
    Path(name): Path<String>,
    selection: Result<Query<Selection>, QueryRejection>,
) -> Answer {
    let Query(Selection { start, count, filter }) = selection.map_err(AdminError::bad)?;
    if count > MAX_COUNT {
        return Err(AdminError::bad(format!("count must be at most {MAX_COUNT}, not {count}")));
    }
    let filter = filter.as_deref().map(Filter::parse).transpose();
    let filter = filter.map_err(|error| AdminError::bad(format!("filter: {error}")))?;
    let instance = context.service.store.instance(&name).ok_or(StoreError::NoInstance { name })?;
    let described =
        |image: &Arc<StoredImage>| Ok(described(image, instance.has_picture(&image.key)?));
    // A filter looks at every picture, and whether they are kept may be on the disk.
    let (images, total) = block_in_place(|| {
        let (page, total) = instance.page(filter.as_ref(), start, count);
        let images: Result<Vec<_>, StoreError> = page.iter().map(described).collect();
        (images, total)
    });
    Ok(answer::json(&json!({ "total": total, "images": images? })))
}

/// Describes a picture with what was set; `thumbnail` says whether there are bytes to make one of.
fn described(image: &StoredImage, thumbnail: bool) -> Value {
    let attributes = &image.attributes;
    let mut row = json!({
        "product_id": image.key.product_id,
        "pic_name": image.key.pic_name,
        "category_id": image.category.get(),
        "thumbnail": thumbnail,
    });
    if let Some(text) = &attributes.custom_content {
        row["custom_content"] = json!(text);
    }
    for (name, integer) in INTEGERS.into_iter().zip(attributes.integers) {
        if let Some(integer) = integer {
            row[name] = json!(integer);
        }
    }
    for (name, string) in STRINGS.into_iter().zip(&attributes.strings) {
        if let Some(string) = string {
            row[name] = json!(string);
        }
    }
    row
}
