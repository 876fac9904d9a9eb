use crate::endpoint::Endpoint;

/// Hosts that replace the defaults, for whichever provider a file selects.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    pub(super) sts: Option<Endpoint>,
    pub(super) metadata: Option<Endpoint>,
}

/// Expands to the setters of a provider that reads a file: fields `file`, `profile` and `hosts`.
macro_rules! file_setters {
    () => {
        /// Sets the file; a leading `~/` is the home directory.
        #[must_use]
        pub fn with_file(mut self, path: impl Into<String>) -> Self {
            self.file = Some(path.into());
            self
        }

        /// Sets the profile, which is a section of the shared file.
        #[must_use]
        pub fn with_profile(mut self, name: impl Into<String>) -> Self {
            self.profile = Some(name.into());
            self
        }

        /// Sets the STS host, for roles. Only a loopback host may be plain `http://`.
        #[must_use]
        pub fn with_sts_endpoint(mut self, endpoint: $crate::client::Endpoint) -> Self {
            self.hosts.sts = Some(endpoint);
            self
        }

        /// Sets the host of the ECS instance metadata, for tests.
        #[must_use]
        pub fn with_metadata_endpoint(mut self, endpoint: $crate::client::Endpoint) -> Self {
            self.hosts.metadata = Some(endpoint);
            self
        }
    };
}

pub(super) use file_setters;
