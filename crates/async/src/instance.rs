use imagesearch_core::{
    Pacing,
    answers::ServiceType,
    client::CallOptions,
    exchange::{Callable, PreparedCall},
    image::ImageLimits,
};

use crate::handle::Client;

impl Client {
    /// Names the instance that operations are called on.
    ///
    /// Nothing is sent: a name that does not exist is refused by the service with the first call.
    pub fn instance(&self, name: impl Into<String>) -> Instance {
        Instance {
            client: self.clone(),
            name: name.into(),
            image_limits: ImageLimits::DEFAULT,
            pacing: None,
        }
    }
}

/// An instance of Image Search, on which operations are called.
///
/// It has a method for each operation, which takes the request and returns a [`Call`](crate::Call).
/// Clones are cheap, as those of its client are.
#[derive(Clone, Debug)]
pub struct Instance {
    client: Client,
    name: String,
    image_limits: ImageLimits,
    pacing: Option<Pacing>,
}

impl Instance {
    /// Checks pictures against the limits of a service type rather than the widest.
    #[must_use]
    pub fn with_service_type(mut self, service_type: ServiceType) -> Self {
        self.image_limits = ImageLimits::of(&service_type);
        self
    }

    /// Sets how its calls are paced, where it differs from its client, such as by what `Detail` says.
    ///
    /// ```no_run
    /// use imagesearch_async::{Client, Error, Instance, Pacing, requests::DetailRequest};
    ///
    /// # async fn paced(client: &Client) -> Result<Instance, Error> {
    /// let shop = client.instance("shop");
    /// let detail = shop.detail(DetailRequest::new()).await?;
    /// let shop = shop.with_pacing(Pacing::from_detail(&detail));
    /// # Ok(shop)
    /// # }
    /// ```
    #[must_use]
    pub fn with_pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = Some(pacing);
        self
    }

    /// Returns the instance's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn prepare<R: Callable>(&self, request: R, options: CallOptions) -> PreparedCall {
        request.prepare(&self.name, self.image_limits, self.paced(options))
    }

    /// Adds the instance's pacing to the options of a call that has none of its own.
    fn paced(&self, mut options: CallOptions) -> CallOptions {
        options.pacing = options.pacing.or_else(|| self.pacing.clone());
        options
    }
}
