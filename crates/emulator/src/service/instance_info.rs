//! What there is to tell of an instance.

use std::borrow::Cow;

use imagesearch_core::answers::ServiceType;
use imagesearch_core::values::Timestamp;
use serde::Serialize;
use serde::Serializer;

use super::clock::write_time;
use crate::store::instance::Instance;
use crate::store::instance_settings::name_of;

/// Describes an instance that exists, as [`Emulator::instances`](crate::Emulator::instances) and the
/// admin API list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct InstanceInfo {
    /// The name.
    pub name: String,
    /// What kind of pictures it is for; in JSON its name, such as `product`.
    #[serde(serialize_with = "write_name")]
    pub service_type: ServiceType,
    /// The region that `Detail` tells.
    pub region: String,
    /// How many pictures fit.
    pub capacity: u64,
    /// How many searches a second it is for.
    pub qps: u32,
    /// Whether it can be searched by text.
    pub multimodal: bool,
    /// How many pictures are stored.
    pub images: usize,
    /// When it was created; in JSON as a text, such as `2026-01-02T03:04:05Z`.
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
