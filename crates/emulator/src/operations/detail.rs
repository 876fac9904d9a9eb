use std::time::Duration;

use axum::body::Body;
use http::Response;
use imagesearch_core::{DetailResponse, InstanceDetail};

use super::Call;
use crate::answer::Refusal;
use crate::store::instance::Instance;

/// What instances are bought for: a year.
const TERM: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// `Detail` counts the capacity in units of so many pictures.
const CAPACITY_UNIT: u64 = 10_000;

/// Describes the instance of a call.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let mut response = DetailResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.instance = Some(describe(&call.instance));
    Ok(call.answer(&response))
}

/// Describes an instance.
pub(super) fn describe(instance: &Instance) -> InstanceDetail {
    let settings = &instance.settings;
    let mut detail = InstanceDetail::default();
    detail.name = Some(settings.name.clone());
    detail.region = Some(settings.region.clone());
    detail.service_type = Some(settings.service_type);
    detail.capacity = i32::try_from(settings.capacity.div_ceil(CAPACITY_UNIT)).ok();
    detail.qps = i32::try_from(settings.qps).ok();
    detail.total_count = i64::try_from(instance.len()).ok();
    detail.utc_create = Some(instance.created);
    detail.utc_expire_time = Some(instance.created.saturating_add(TERM));
    detail
}
