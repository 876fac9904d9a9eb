use imagesearch_core::{
    Error, call_option_setters, client::CallOptions, exchange::Callable, requests::RawRequest,
};

use crate::{driver::drive, instance::Instance};

impl Instance {
    /// Starts a call by name, of an operation or with parameters that this version does not know.
    ///
    /// ```no_run
    /// use imagesearch_blocking::{Client, requests::RawRequest};
    ///
    /// let shop = Client::from_env()?.instance("shop");
    /// let call = RawRequest::new("SearchImageByVoice").query("Accent", "en").form("Num", 10);
    /// let answer = shop.raw(call).send()?;
    /// println!("{}", String::from_utf8_lossy(answer.meta().body()));
    /// # Ok::<(), imagesearch_blocking::Error>(())
    /// ```
    pub fn raw(&self, call: RawRequest) -> Call<RawRequest> {
        self.call(call)
    }

    pub(crate) fn call<R>(&self, request: R) -> Call<R> {
        Call { instance: self.clone(), request, options: CallOptions::default() }
    }
}

/// A call of one operation, not sent yet.
///
/// The `with_` methods set what this call does differently from its client. A typed request returns
/// a [`Response`](crate::Response) with the answer, a [`RawRequest`] the raw
/// [`RawResponse`](crate::answers::RawResponse).
#[derive(Clone, Debug)]
#[must_use = "a call does nothing before `send`"]
pub struct Call<R> {
    pub(crate) instance: Instance,
    pub(crate) request: R,
    pub(crate) options: CallOptions,
}

impl<R: Callable> Call<R> {
    call_option_setters!();

    /// Sends the request and returns the response.
    ///
    /// # Errors
    ///
    /// The request breaks documented limits, there are no credentials, the service cannot be reached in
    /// time, or it answers with an error. [`Error`] tells them apart.
    pub fn send(self) -> Result<R::Output, Error> {
        let prepared = self.instance.prepare(self.request, self.options);
        R::read(drive(&self.instance.client().inner, prepared)?)
    }
}
