#![cfg_attr(not(doctest), doc = include_str!("testing.md"))]

use std::{ops::Deref, sync::Arc};

use imagesearch_core::testing::mock_config;
#[doc(inline)]
pub use imagesearch_core::testing::{MockService, ReceivedCall, Rule, Unsatisfied};

use crate::{Client, ClientBuilder, Error, handle::Inner};

/// A mock of the service: clients whose calls get their answers from rules.
///
/// Rules are added with [`when`](MockService::when) and
/// [`when_operation`](MockService::when_operation), before or after the clients are created. Clones
/// share them.
#[derive(Clone, Debug, Default)]
pub struct Mock(Arc<MockService>);

impl Mock {
    /// Creates a mock without rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a client with default settings, an access key and the region `cn-shanghai`.
    pub fn client(&self) -> Client {
        #[expect(clippy::expect_used, reason = "the settings are constant")]
        self.client_from(Client::builder()).expect("default settings are valid")
    }

    /// Creates a client with other settings, such as retries or pacing.
    ///
    /// A region and an access key are added unless they are set.
    ///
    /// # Errors
    ///
    /// As for [`ClientBuilder::build`].
    pub fn client_from(&self, builder: ClientBuilder<Client>) -> Result<Client, Error> {
        let (config, http) = mock_config(builder)?;
        let mut inner = Inner::new(config, http)?;
        inner.mock = Some(Arc::clone(&self.0));
        Ok(Client { inner: Arc::new(inner) })
    }
}

impl Deref for Mock {
    type Target = MockService;

    fn deref(&self) -> &MockService {
        &self.0
    }
}
