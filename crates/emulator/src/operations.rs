//! The operations, one a file, and what they have in common.
//!
//! Those of the older generations are in folders of their own and share what they do with the
//! newest ones; only their names and the shapes of their answers differ.

mod add_image;
mod add_picture;
mod authorize_file_upload;
mod category;
mod check_image_exists;
mod compare_similar_by_image;
mod delete_image;
mod detail;
mod dump_meta;
mod dump_meta_list;
mod hits;
mod increase_instance;
mod increase_list;
mod pic_content;
mod pic_info;
mod search_image_by_filter;
mod search_image_by_name;
mod search_image_by_pic;
mod search_image_by_text;
mod task_page;
mod update_image;
mod v2018;
mod v2019;
mod view;

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::{Response, StatusCode};
use imagesearch_core::{
    Filter, Operation, Parameters, Value, encode::Placed, image::ImageLimits, validate::validate,
};
use serde::Serialize;

use crate::answer::{self, Refusal};
use crate::state::State;
use crate::store::{ImageKey, StoreError, instance::Instance};

pub(crate) use add_picture::add_picture;
pub(crate) use authorize_file_upload::authorize_file_upload;
pub(crate) use hits::stored_picture;
pub(crate) use v2018::name_since_2018;

/// The text of a successful answer, as samples of the documentation have it.
const SUCCESS: &str = "success";

/// A call whose parameters have been checked.
pub(crate) struct Call<'a> {
    state: &'a State,
    operation: &'static Operation,
    instance: Arc<Instance>,
    parameters: Parameters,
    request_id: &'a str,
}

/// Decodes, checks and runs an operation.
pub(crate) async fn run(
    state: &State,
    operation: &'static Operation,
    placed: &Placed,
    body: &Bytes,
    request_id: &str,
) -> Result<Response<Body>, Refusal> {
    let call = Call::read(state, operation, placed, body, request_id)?;
    match operation.version {
        "2018-01-20" => return v2018::run(call).await,
        "2019-03-25" => return v2019::run(call).await,
        _ => {}
    }
    match operation.name {
        "AddImage" => add_image::run(call).await,
        "CheckImageExists" => check_image_exists::run(&call),
        "CompareSimilarByImage" => compare_similar_by_image::run(call).await,
        "DeleteImage" => delete_image::run(&call),
        "Detail" => detail::run(&call),
        "DumpMeta" => dump_meta::run(&call),
        "DumpMetaList" => dump_meta_list::run(&call),
        "IncreaseInstance" => increase_instance::run(&call),
        "IncreaseList" => increase_list::run(&call),
        "SearchImageByFilter" => search_image_by_filter::run(&call).await,
        "SearchImageByName" => search_image_by_name::run(call).await,
        "SearchImageByPic" => search_image_by_pic::run(call).await,
        "SearchImageByText" => search_image_by_text::run(call).await,
        "UpdateImage" => update_image::run(&call),
        _ => Err(Refusal::of("UnsupportedOperationType")),
    }
}

impl<'a> Call<'a> {
    fn read(
        state: &'a State,
        operation: &'static Operation,
        placed: &Placed,
        body: &Bytes,
        request_id: &'a str,
    ) -> Result<Self, Refusal> {
        // Parameters that the operation does not have are ignored, as the service does.
        let (mut parameters, _unknown) = imagesearch_core::encode::lift(operation, placed);
        let scope = operation.parameters.iter().find(|parameter| parameter.scope);
        let name = scope.and_then(|scope| text(&parameters, scope.name)).unwrap_or_default();
        let instance = state.store.instance(&name);
        if let Some(instance) = &instance {
            throttle(state, operation, instance)?;
        }
        if operation.has_caret() && instance.is_some() {
            v2018::read_body(operation, body, &mut parameters)?;
        }
        accept_python_booleans(operation, &mut parameters);
        if operation.name == "UpdateImage" {
            // SDK 4.4.0 no longer requires it; all pictures of the product are then assumed.
            parameters = parameters.waive("PicName");
        }
        let limits = instance
            .as_ref()
            .map_or(ImageLimits::DEFAULT, |instance| ImageLimits::of(&instance.service_type()));
        let fetched = pic_content::resolve(state, operation, &mut parameters);
        let checked = check(operation, &parameters, &limits);
        match (instance, checked) {
            // An unknown instance comes before any other mistake but its own absence.
            (None, _) if !name.is_empty() => Err(Refusal::of("InvalidInstance")),
            (_, Err(refusal)) => Err(refusal),
            (Some(instance), Ok(())) => {
                fetched?;
                if operation.has_caret() {
                    parameters = v2018::renamed(&parameters)?;
                }
                Ok(Self { state, operation, instance, parameters, request_id })
            }
            (None, Ok(())) => Err(Refusal::of("InvalidInstance")),
        }
    }

    /// Changes the instance. That may wait for the disk, while other tasks go on elsewhere.
    fn change<T>(
        &self,
        change: impl FnOnce(&Instance) -> Result<T, StoreError>,
    ) -> Result<T, Refusal> {
        tokio::task::block_in_place(|| change(&self.instance)).map_err(Refusal::from)
    }

    fn text(&self, name: &str) -> Option<String> {
        text(&self.parameters, name)
    }

    fn flag(&self, name: &str, default: bool) -> bool {
        flag(&self.parameters, name, default)
    }

    fn filter(&self) -> Option<Filter> {
        match self.parameters.get("Filter") {
            Some(Value::Filter(filter)) => Some(filter.clone()),
            _ => None,
        }
    }

    /// Returns the two names that identify a picture; validation has seen that they are there.
    fn key(&self) -> ImageKey {
        ImageKey {
            product_id: self.text("ProductId").unwrap_or_default(),
            pic_name: self.text("PicName").unwrap_or_default(),
        }
    }

    fn answer(&self, body: &impl Serialize) -> Response<Body> {
        answer::json(StatusCode::OK, self.request_id, body)
    }
}

/// Checks parameters against the limits of an operation; the first mistake is the answer.
fn check(
    operation: &Operation,
    parameters: &Parameters,
    limits: &ImageLimits,
) -> Result<(), Refusal> {
    match validate(operation, parameters, limits).first() {
        None => Ok(()),
        Some(violation) => {
            let code = violation.code.unwrap_or("InvalidParameter");
            Err(Refusal::of(code).because(violation.to_string()))
        }
    }
}

fn flag(parameters: &Parameters, name: &str, default: bool) -> bool {
    parameters.get(name).and_then(Value::as_boolean).unwrap_or(default)
}

/// Refuses a call that comes too soon after others, before any work is done for it.
fn throttle(state: &State, operation: &Operation, instance: &Instance) -> Result<(), Refusal> {
    let plan = || detail::describe(instance);
    let name = &instance.settings.name;
    let admitted = state.limiter.admit(name, operation.quota, plan, state.clock.now());
    admitted.map_err(|wait| Refusal::of("DeniedRequest").retry_after(wait))
}

fn text(parameters: &Parameters, name: &str) -> Option<String> {
    let wire = parameters.get(name).and_then(Value::to_wire)?;
    Some(wire.into_owned())
}

/// Reads `True` and `False`, which the official Python SDK sends.
fn accept_python_booleans(operation: &Operation, parameters: &mut Parameters) {
    for parameter in operation.parameters {
        let flag = match parameters.get(parameter.name) {
            Some(Value::Text(text)) if text == "True" => true,
            Some(Value::Text(text)) if text == "False" => false,
            _ => continue,
        };
        if parameter.kind == imagesearch_core::operation::Kind::Boolean {
            parameters.set(parameter.name, flag);
        }
    }
}
