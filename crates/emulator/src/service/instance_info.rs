//! The description of an instance.

use std::borrow::Cow;

use imagesearch_core::answers::ServiceType;
use imagesearch_core::values::Timestamp;
use serde::Serialize;
use serde::Serializer;

use super::clock::write_time;
use crate::store::instance::Instance;
use crate::store::instance_settings::name_of;

/// An instance, as listed by [`Emulator::instances`](crate::Emulator::instances) and the admin API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct InstanceInfo {
    /// The name.
    pub name: String,
    /// The service type; in JSON its name, such as `product`.
    #[serde(serialize_with = "write_name")]
    pub service_type: ServiceType,
    /// The region in the response of `Detail`.
    pub region: String,
    /// The maximum number of pictures.
    pub capacity: u64,
    /// The searches per second of its plan.
    pub qps: u32,
    /// Whether it supports searches by text.
    pub multimodal: bool,
    /// The number of stored pictures.
    pub images: usize,
    /// The time of creation; in JSON as a string, such as `2026-01-02T03:04:05Z`.
    #[serde(serialize_with = "write_time")]
    pub created: Timestamp,
}

impl InstanceInfo {
    pub(crate) fn of(instance: &Instance) -> Self {
        let settings = &instance.settings;
        Self {
            name: settings.name.clone(),
            service_type: settings.service_type,
            region: settings.region.clone(),
            capacity: settings.capacity,
            qps: settings.qps,
            multimodal: settings.multimodal,
            images: instance.len(),
            created: instance.created,
        }
    }
}

fn write_name<S: Serializer>(it: &ServiceType, serializer: S) -> Result<S::Ok, S::Error> {
    let name: Cow<'_, str> = name_of(*it);
    serializer.serialize_str(&name)
}
