//! What a caller may set before the emulator starts.

use std::fmt;

use imagesearch_core::ServiceType;
use serde::{Deserialize, Serialize};

use crate::emulator::Emulator;

/// Says whether signatures are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// Checks key, signature, time and nonce of every call, as the service does.
    #[default]
    Strict,
    /// Checks as [`Strict`](Self::Strict) does and logs what is wrong, but lets every call pass.
    Lax,
    /// Takes every call as it comes, signed or not.
    Off,
}

/// Describes an instance.
///
/// As JSON it is an object of `name`, `service_type` (its number), `capacity`, `qps` and `region`;
/// what is absent is as [`default`](Self::default) has it, and an unknown field is an error.
///
/// ```
/// use imagesearch_core::ServiceType;
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
    /// Describes an instance of the product service: 100,000 pictures, Shanghai, 5 calls a second.
    ///
    /// A name longer than the 20 characters of the API is allowed, but no call will reach it.
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

    /// Sets the service type, which decides about the sides of pictures and about categories.
    #[must_use]
    pub fn service_type(mut self, service_type: ServiceType) -> Self {
        self.service_type = service_type;
        self
    }

    /// Sets how many pictures fit; one more is refused with `InstanceOverQuota`.
    #[must_use]
    pub fn capacity(mut self, images: u64) -> Self {
        self.capacity = images;
        self
    }

    /// Sets the region that `Detail` tells; calls are taken whatever region they are for.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = region.into();
        self
    }

    /// Sets the calls a second that `Detail` tells; they are not enforced.
    #[must_use]
    pub fn qps(mut self, qps: u32) -> Self {
        self.qps = qps;
        self
    }

    /// Sets whether pictures can be searched by text, with `SearchImageByText`.
    ///
    /// It is a switch of its own, since the number of the multimodal service type is not published:
    /// `Detail` goes on to tell the type that was set.
    #[must_use]
    pub fn multimodal(mut self, multimodal: bool) -> Self {
        self.multimodal = multimodal;
        self
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Default for InstanceSettings {
    /// Describes the instance that exists when no other is named, as [`new`](Self::new) does.
    fn default() -> Self {
        Self::new(Emulator::INSTANCE)
    }
}

/// Holds a key that calls may be signed with.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// The security token that must come along, for temporary credentials.
    pub(crate) token: Option<String>,
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Account")
            .field("id", &self.id)
            .field("secret", &"[hidden]")
            .field("token", &self.token.as_ref().map(|_| "[hidden]"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_an_account_shows_no_secret() {
        let account = Account {
            id: "id".to_owned(),
            secret: "hush".to_owned(),
            token: Some("whisper".to_owned()),
        };
        let shown = format!("{account:?}");
        assert!(!shown.contains("hush") && !shown.contains("whisper"), "{shown}");
    }
}
