use std::{
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
};

use imagesearch_core::{
    Error, Response, call_option_setters,
    client::CallOptions,
    exchange::Reply,
    requests::{RawCall, Request},
};

use crate::{driver::CallFuture, instance::Instance};

impl Instance {
    /// Starts a call of an operation or of parameters that this version does not know.
    pub fn raw(&self, call: RawCall) -> RawCallBuilder {
        RawCallBuilder::new(self.clone(), call)
    }

    pub(crate) fn call<R: Request>(&self, request: R) -> Call<R> {
        Call::new(self.clone(), request)
    }
}

/// A call of one operation, not sent yet; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing before `send` or `await`"]
pub struct Call<R> {
    pub(crate) instance: Instance,
    pub(crate) request: R,
    pub(crate) options: CallOptions,
}

impl<R: Request> Call<R> {
    pub(crate) fn new(instance: Instance, request: R) -> Self {
        Self { instance, request, options: CallOptions::default() }
    }

    call_option_setters!();

    /// Sends the request and waits for the answer.
    ///
    /// # Errors
    ///
    /// The request breaks documented limits, no credentials can be had, the service cannot be
    /// reached in time, or it answers with an error. [`Error`] tells them apart.
    pub fn send(
        self,
    ) -> impl Future<Output = Result<Response<R::Response>, Error>> + Send + use<R> {
        let call = self.instance.prepare(self.request, self.options);
        let call = CallFuture::new(Arc::clone(&self.instance.client().inner), call);
        async move { call.await?.decode() }
    }
}

impl<R: Request> IntoFuture for Call<R> {
    type Output = Result<Response<R::Response>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let call = self.instance.prepare(self.request, self.options);
        let call = CallFuture::new(Arc::clone(&self.instance.client().inner), call);
        Box::pin(async move { call.await?.decode() })
    }
}

/// A call by name, not sent yet; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing before `send` or `await`"]
pub struct RawCallBuilder {
    instance: Instance,
    call: RawCall,
    options: CallOptions,
}

impl RawCallBuilder {
    pub(crate) fn new(instance: Instance, call: RawCall) -> Self {
        Self { instance, call, options: CallOptions::default() }
    }

    call_option_setters!();

    /// Sends the request and waits for the answer, which can be decoded as any type.
    ///
    /// # Errors
    ///
    /// As for [`Call::send`].
    pub fn send(self) -> CallFuture {
        let call = self.instance.prepare_raw(self.call, self.options);
        CallFuture::new(Arc::clone(&self.instance.client().inner), call)
    }
}

impl IntoFuture for RawCallBuilder {
    type Output = Result<Reply, Error>;
    type IntoFuture = CallFuture;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}
