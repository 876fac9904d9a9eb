use std::{
    fmt,
    future::{Future, IntoFuture},
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use imagesearch_core::{
    Error, call_option_setters, client::CallOptions, exchange::Callable, requests::RawRequest,
};

use crate::{driver::Driver, instance::Instance};

impl Instance {
    /// Starts a call by name, of an operation or with parameters that this version does not know.
    ///
    /// ```no_run
    /// use imagesearch_async::{Client, requests::RawRequest};
    ///
    /// # async fn search() -> Result<(), imagesearch_async::Error> {
    /// let shop = Client::from_env()?.instance("shop");
    /// let call = RawRequest::new("SearchImageByVoice").query("Accent", "en").form("Num", 10);
    /// let answer = shop.raw(call).await?;
    /// println!("{}", String::from_utf8_lossy(answer.meta().body()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(&self, call: RawRequest) -> Call<RawRequest> {
        self.call(call)
    }

    pub(crate) fn call<R>(&self, request: R) -> Call<R> {
        Call { instance: self.clone(), request, options: CallOptions::default() }
    }
}

/// A call of one operation, not sent yet; awaiting it sends it.
///
/// The `with_` methods set what this call does differently from its client. A typed request returns
/// a [`Response`](crate::Response) with the answer, a [`RawRequest`] the raw
/// [`RawResponse`](crate::answers::RawResponse).
#[derive(Clone, Debug)]
#[must_use = "a call does nothing before `send` or `await`"]
pub struct Call<R> {
    pub(crate) instance: Instance,
    pub(crate) request: R,
    pub(crate) options: CallOptions,
}

impl<R: Callable> Call<R> {
    call_option_setters!();

    /// Sends the request; the future waits for the answer.
    ///
    /// Nothing happens before it is polled. Awaiting the call itself does the same.
    ///
    /// # Errors
    ///
    /// The request breaks documented limits, there are no credentials, the service cannot be reached in
    /// time, or it answers with an error. [`Error`] tells them apart.
    pub fn send(self) -> CallFuture<R> {
        let prepared = self.instance.prepare(self.request, self.options);
        let client = Arc::clone(&self.instance.client().inner);
        CallFuture { driver: Driver::new(client, prepared), request: PhantomData }
    }
}

impl<R: Callable> IntoFuture for Call<R> {
    type Output = Result<R::Output, Error>;
    type IntoFuture = CallFuture<R>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

/// A running call. Dropping it aborts the call.
///
/// Its output is that of [`Call::send`]: a [`Response`](crate::Response) for a typed request. It can be
/// named, stored and moved to another task.
///
/// ```
/// use imagesearch_async::{Instance, client::CallFuture, requests::DetailRequest};
///
/// struct Probe {
///     running: CallFuture<DetailRequest>,
/// }
///
/// impl Probe {
///     fn start(shop: &Instance) -> Self {
///         Self { running: shop.detail(DetailRequest::new()).send() }
///     }
/// }
/// ```
#[must_use = "a call does nothing unless it is awaited"]
pub struct CallFuture<R> {
    driver: Driver,
    request: PhantomData<fn() -> R>,
}

impl<R: Callable> Future for CallFuture<R> {
    type Output = Result<R::Output, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.driver).poll(context).map(|reply| R::read(reply?))
    }
}

impl<R> fmt::Debug for CallFuture<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CallFuture").field("driver", &self.driver).finish()
    }
}
