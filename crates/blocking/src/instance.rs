use imagesearch_core::{
    CallOptions, Pacing, RawCall, Request, ServiceType, exchange::Prepared, image::ImageLimits,
};

use crate::{Call, Client, RawCallBuilder};

/// An instance of Image Search: what operations are called on.
///
/// Cheap to clone, like its client.
#[derive(Clone, Debug)]
pub struct Instance {
    client: Client,
    name: String,
    image_limits: ImageLimits,
    pacing: Option<Pacing>,
}

impl Instance {
    pub(crate) fn new(client: Client, name: String) -> Self {
        Self { client, name, image_limits: ImageLimits::DEFAULT, pacing: None }
    }

    /// Checks pictures against the limits of a service type rather than the widest.
    #[must_use]
    pub fn with_service_type(mut self, service_type: ServiceType) -> Self {
        self.image_limits = ImageLimits::of(&service_type);
        self
    }

    /// Sets how its calls are paced, where it differs from its client, such as by what `Detail` says.
    ///
    /// ```no_run
    /// use imagesearch_blocking::{Client, DetailRequest, Error, Instance, Pacing};
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

    /// Starts a call of an operation or of parameters that this version does not know.
    pub fn raw(&self, call: RawCall) -> RawCallBuilder {
        RawCallBuilder::new(self.clone(), call)
    }

    pub(crate) fn call<R: Request>(&self, request: R) -> Call<R> {
        Call::new(self.clone(), request)
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn prepare<R: Request>(&self, request: R, options: CallOptions) -> Prepared {
        Prepared::request(request, &self.name, self.image_limits, self.paced(options))
    }

    pub(crate) fn prepare_raw(&self, call: RawCall, options: CallOptions) -> Prepared {
        Prepared::raw(call, &self.name, self.image_limits, self.paced(options))
    }

    /// Adds the instance's pacing to the options of a call that has none of its own.
    fn paced(&self, mut options: CallOptions) -> CallOptions {
        options.pacing = options.pacing.or_else(|| self.pacing.clone());
        options
    }
}
