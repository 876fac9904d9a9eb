use crate::endpoint::Endpoint;

/// Hosts in place of the usual ones, for whatever provider a file leads to.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    pub(super) sts: Option<Endpoint>,
    pub(super) metadata: Option<Endpoint>,
}

/// Writes the setters of a provider that reads a file, over its fields `file`, `profile` and `hosts`.
macro_rules! file_setters {
    () => {
        /// Names the file; a leading `~/` is the home directory.
        #[must_use]
        pub fn with_file(mut self, path: impl Into<String>) -> Self {
            self.file = Some(path.into());
            self
        }

        /// Names the profile, which is a section of the shared file.
        #[must_use]
        pub fn with_profile(mut self, name: impl Into<String>) -> Self {
            self.profile = Some(name.into());
            self
        }

        /// Asks STS at another host, for roles. Only one on this machine may do without encryption.
        #[must_use]
        pub fn with_sts_endpoint(mut self, endpoint: $crate::client::Endpoint) -> Self {
            self.hosts.sts = Some(endpoint);
            self
        }

        /// Asks another host for the metadata of an ECS instance, for tests.
        #[must_use]
        pub fn with_metadata_endpoint(mut self, endpoint: $crate::client::Endpoint) -> Self {
            self.hosts.metadata = Some(endpoint);
            self
        }
    };
}

pub(super) use file_setters;
