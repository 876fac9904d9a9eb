use imagesearch_core::{
    Pacing,
    answers::ServiceType,
    client::CallOptions,
    exchange::{Callable, PreparedCall},
    image::ImageLimits,
};

use crate::handle::Client;

impl Client {
    /// Returns a handle for an instance.
    ///
    /// Nothing is sent. If the instance does not exist, the service refuses the first call.
    pub fn instance(&self, name: impl Into<String>) -> Instance {
        Instance {
            client: self.clone(),
            name: name.into(),
            image_limits: ImageLimits::DEFAULT,
            pacing: None,
        }
    }
}

/// An instance of Image Search.
///
/// It has a method for each operation, which takes the request and returns a [`Call`](crate::Call).
/// Clones are cheap.
#[derive(Clone, Debug)]
pub struct Instance {
    client: Client,
    name: String,
    image_limits: ImageLimits,
    pacing: Option<Pacing>,
}

impl Instance {
    /// Sets the service type, whose limits pictures are checked against. The default are the widest
    /// limits.
    #[must_use]
    pub fn with_service_type(mut self, service_type: ServiceType) -> Self {
        self.image_limits = ImageLimits::of(&service_type);
        self
    }

    /// Sets the pacing of its calls, instead of the client's, for example from the response of
    /// `Detail`.
    ///
    /// ```no_run
    /// use imagesearch_blocking::{Client, Error, Instance, Pacing, requests::DetailRequest};
    ///
    /// # fn paced(client: &Client) -> Result<Instance, Error> {
    /// let shop = client.instance("shop");
    /// let detail = shop.detail(DetailRequest::new()).send()?;
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

    /// Adds the instance's pacing to the options of a call without its own.
    fn paced(&self, mut options: CallOptions) -> CallOptions {
        options.pacing = options.pacing.or_else(|| self.pacing.clone());
        options
    }
}
