use imagesearch_core::{
    CallOptions, Error, PagedRequest, RawCall, Request, Response, call_option_setters,
    exchange::Reply, paging::Pages,
};

use crate::{Instance, PageIterator, driver::drive};

/// A call of one operation, not sent yet.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing before `send`"]
pub struct Call<R> {
    instance: Instance,
    request: R,
    options: CallOptions,
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
    pub fn send(self) -> Result<Response<R::Response>, Error> {
        let prepared = self.instance.prepare(self.request, self.options);
        drive(&self.instance.client().inner, prepared)?.decode()
    }
}

impl<R: PagedRequest> Call<R> {
    /// Iterates over the pages from the one that the request asks for.
    pub fn pages(self) -> PageIterator<R> {
        PageIterator::new(self.instance, Pages::new(self.request), self.options)
    }
}

/// A call by name, not sent yet.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing before `send`"]
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
    pub fn send(self) -> Result<Reply, Error> {
        let prepared = self.instance.prepare_raw(self.call, self.options);
        drive(&self.instance.client().inner, prepared)
    }
}
