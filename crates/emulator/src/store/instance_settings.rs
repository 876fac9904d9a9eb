//! The settings of an instance: its name, plan and size.

use std::borrow::Cow;
use std::str::FromStr;

use imagesearch_core::answers::ServiceType;
use serde::{Deserialize, Deserializer, Serialize};

/// The name of the default instance.
pub(crate) const DEFAULT_NAME: &str = "demo";

/// The most characters of a name, as the API takes it.
const MAX_NAME_CHARACTERS: usize = 20;

/// The most pictures and the most calls a second that `Detail` can tell.
const MAX_CAPACITY: u64 = 10_000 * i32::MAX as u64;
const MAX_QPS: u32 = i32::MAX as u32;

/// The settings of an instance.
///
/// In JSON it is an object of `name`, `service_type` (a number), `capacity`, `qps`, `region` and
/// `multimodal`. Absent fields have the values of [`default`](Self::default); unknown fields are
/// errors.
///
/// ```
/// use imagesearch_core::answers::ServiceType;
/// use imagesearch_emulator::InstanceSettings;
///
/// let fabric = InstanceSettings::new("cloth")
///     .service_type(ServiceType::Fabric)
///     .capacity(20)
///     .region("cn-hangzhou")
///     .qps(5);
/// assert_eq!(fabric.name(), "cloth");
///
/// let json = serde_json::to_string(&fabric)?;
/// assert!(json.contains(r#""name":"cloth","service_type":2,"capacity":20"#));
/// assert_eq!(serde_json::from_str::<InstanceSettings>(&json)?, fabric);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The same as text, for the command line:
///
/// ```
/// # use imagesearch_core::answers::ServiceType;
/// # use imagesearch_emulator::{InstanceError, InstanceSettings};
/// let text = "cloth,service_type=fabric,capacity=20,region=cn-hangzhou,qps=5";
/// let fabric: InstanceSettings = text.parse()?;
/// # let same = InstanceSettings::new("cloth")
/// #     .service_type(ServiceType::Fabric).capacity(20).region("cn-hangzhou").qps(5);
/// # assert_eq!(fabric, same);
/// # Ok::<(), InstanceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct InstanceSettings {
    pub(crate) name: String,
    pub(crate) service_type: ServiceType,
    pub(crate) capacity: u64,
    pub(crate) region: String,
    pub(crate) qps: u32,
    pub(crate) multimodal: bool,
}

impl InstanceSettings {
    /// Creates the settings of a product instance: 100,000 pictures, Shanghai, 5 calls per second.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            service_type: ServiceType::Product,
            capacity: 100_000,
            region: "cn-shanghai".to_owned(),
            qps: 5,
            multimodal: false,
        }
    }

    /// Sets the service type, which determines the limits of pictures and the categories.
    #[must_use]
    pub fn service_type(mut self, service_type: ServiceType) -> Self {
        self.service_type = service_type;
        self
    }

    /// Sets the maximum number of pictures, at least 1. Further ones are refused with
    /// `InstanceOverQuota`.
    #[must_use]
    pub fn capacity(mut self, images: u64) -> Self {
        self.capacity = images;
        self
    }

    /// Sets the region that `Detail` returns. Calls for any region are served.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = region.into();
        self
    }

    /// Sets the searches per second, at least 1, that `Detail` returns and
    /// [`Throttle::Instance`](crate::Throttle::Instance) enforces.
    #[must_use]
    pub fn qps(mut self, qps: u32) -> Self {
        self.qps = qps;
        self
    }

    /// Sets whether pictures can be searched by text, with `SearchImageByText`.
    ///
    /// It is a separate setting, since the number of the multimodal service type is not published:
    /// `Detail` still returns the configured type.
    #[must_use]
    pub fn multimodal(mut self, multimodal: bool) -> Self {
        self.multimodal = multimodal;
        self
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sets what a change sets.
    pub(crate) fn changed(mut self, change: InstanceChange) -> Self {
        let InstanceChange { service_type, capacity, region, qps, multimodal } = change;
        self.service_type = service_type.map_or(self.service_type, |named| named.0);
        self.capacity = capacity.unwrap_or(self.capacity);
        self.region = region.unwrap_or(self.region);
        self.qps = qps.unwrap_or(self.qps);
        self.multimodal = multimodal.unwrap_or(self.multimodal);
        self
    }

    /// Checks that calls can reach the instance and that `Detail` can describe it.
    pub(crate) fn check(&self) -> Result<(), InstanceError> {
        let refuse = |reason: String| Err(InstanceError { name: self.name.clone(), reason });
        let count = self.name.chars().count();
        if !(1..=MAX_NAME_CHARACTERS).contains(&count) {
            return refuse(format!(
                "name must have 1 to {MAX_NAME_CHARACTERS} characters, not {count}"
            ));
        }
        if let Some(bad) = self.name.chars().find(|it| !is_plain(*it)) {
            return refuse(format!("name must have letters, digits, - _ and . only, not {bad:?}"));
        }
        if !(1..=MAX_CAPACITY).contains(&self.capacity) {
            let given = self.capacity;
            return refuse(format!("capacity must be 1 to {MAX_CAPACITY} pictures, not {given}"));
        }
        if !(1..=MAX_QPS).contains(&self.qps) {
            return refuse(format!("qps must be 1 to {MAX_QPS} calls a second, not {}", self.qps));
        }
        if self.region.is_empty() || !self.region.chars().all(|it| it.is_ascii() && is_plain(it)) {
            let given = &self.region;
            return refuse(format!("region must be an id such as cn-shanghai, not {given:?}"));
        }
        Ok(())
    }
}

fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_' | '.')
}

impl Default for InstanceSettings {
    /// Describes the instance that exists when no other is named, as [`new`](Self::new) does.
    fn default() -> Self {
        Self::new(DEFAULT_NAME)
    }
}

impl FromStr for InstanceSettings {
    type Err = InstanceError;

    /// Reads `NAME,key=value,...` with the keys service_type, capacity, region, qps and multimodal.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split(',').map(str::trim);
        let settings = Self::new(parts.next().unwrap_or_default());
        let mut change = InstanceChange::default();
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, "true"));
            change
                .set(key, value)
                .map_err(|reason| InstanceError { name: settings.name.clone(), reason })?;
        }
        let settings = settings.changed(change);
        settings.check()?;
        Ok(settings)
    }
}

/// Sets some of what can be set of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct InstanceChange {
    service_type: Option<NamedServiceType>,
    capacity: Option<u64>,
    region: Option<String>,
    qps: Option<u32>,
    multimodal: Option<bool>,
}

impl InstanceChange {
    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        fn number<T: FromStr>(key: &str, value: &str) -> Result<Option<T>, String> {
            let number = value.parse().map(Some);
            number.map_err(|_| format!("{key} must be a whole number, not `{value}`"))
        }
        match key {
            "service_type" => self.service_type = Some(value.parse()?),
            "capacity" => self.capacity = number(key, value)?,
            "region" => self.region = Some(value.to_owned()),
            "qps" => self.qps = number(key, value)?,
            "multimodal" => {
                let flag = value.parse();
                let flag = flag.map_err(|_| format!("multimodal is true or false, not `{value}`"));
                self.multimodal = Some(flag?);
            }
            other => {
                return Err(format!(
                    "`{other}` cannot be set; service_type, capacity, region, qps and multimodal can"
                ));
            }
        }
        Ok(())
    }
}

/// The names of the service types; the API itself has only their numbers.
const SERVICE_TYPES: [(&str, ServiceType); 8] = [
    ("product", ServiceType::Product),
    ("generic", ServiceType::Generic),
    ("fabric", ServiceType::Fabric),
    ("trademark", ServiceType::Trademark),
    ("copyright", ServiceType::Copyright),
    ("furniture", ServiceType::Furniture),
    ("hardware", ServiceType::Hardware),
    ("trademark7", ServiceType::Trademark7),
];

/// Names a service type; one that has no name by its number.
pub(crate) fn name_of(service_type: ServiceType) -> Cow<'static, str> {
    let named = SERVICE_TYPES.into_iter().find(|(_, it)| *it == service_type);
    named.map_or_else(|| service_type.value().to_string().into(), |(name, _)| name.into())
}

/// A service type that is written as its name or its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NamedServiceType(ServiceType);

impl FromStr for NamedServiceType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = SERVICE_TYPES.into_iter().find(|(name, _)| *name == text);
        let named = named.map(|(_, service_type)| service_type);
        let found = named.or_else(|| text.parse::<i32>().ok().map(ServiceType::from));
        found.map(Self).ok_or_else(|| {
            let names = SERVICE_TYPES.map(|(name, _)| name).join(", ");
            format!("service_type must be one of {names}, or a number, not `{text}`")
        })
    }
}

impl<'de> Deserialize<'de> for NamedServiceType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Why the settings of an instance are invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("instance `{name}`: {reason}")]
pub struct InstanceError {
    name: String,
    reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_settings() {
        let shop = InstanceSettings::new("shop");
        for (text, expected) in [
            ("shop", shop.clone()),
            ("shop,multimodal", shop.clone().multimodal(true)),
            ("shop, qps=1, capacity=7", shop.clone().qps(1).capacity(7)),
            ("shop,service_type=fabric", shop.clone().service_type(ServiceType::Fabric)),
            ("shop,service_type=9", shop.clone().service_type(ServiceType::Other(9))),
            ("shop,region=cn-hangzhou,multimodal=false", shop.region("cn-hangzhou")),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        for (text, part) in [
            ("", "1 to 20 characters, not 0"),
            ("a23456789012345678901", "not 21"),
            ("a b", "not ' '"),
            ("a/b", "not '/'"),
            ("shop,capacity=0", "capacity must be 1"),
            ("shop,capacity=-1", "whole number, not `-1`"),
            ("shop,qps=0", "qps must be 1"),
            ("shop,region=", "such as cn-shanghai"),
            ("shop,region=http://x", "such as cn-shanghai"),
            ("shop,service_type=cloth", "one of product, generic"),
            ("shop,multimodal=yes", "true or false"),
            ("shop,color=red", "`color` cannot be set"),
        ] {
            let error = text.parse::<InstanceSettings>().unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn every_service_type_has_a_name() {
        for known in ServiceType::KNOWN {
            let name = name_of(*known);
            assert_eq!(name.parse(), Ok(NamedServiceType(*known)), "{name}");
            assert!(!name.bytes().all(|byte| byte.is_ascii_digit()), "{name}");
        }
        assert_eq!(name_of(ServiceType::Other(9)), "9");
    }
}
