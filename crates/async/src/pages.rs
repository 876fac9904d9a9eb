use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use imagesearch_core::{
    Error, Response, client::CallOptions, paging::Pages, requests::PagedRequest,
};

use crate::{
    call::{Call, CallFuture},
    instance::Instance,
};

impl<R: PagedRequest> Call<R> {
    /// Returns a stream of the pages, starting with the one of the request.
    ///
    /// The service shows the first 500 hits of a search only. If the last page before that end is full,
    /// there may be more, and an error of the kind [`Truncated`](imagesearch_core::ErrorKind::Truncated)
    /// follows it.
    ///
    /// ```no_run
    /// use imagesearch_async::{
    ///     Client, Error, ErrorKind, filter::int_attr, requests::SearchImageByFilterRequest,
    /// };
    ///
    /// # async fn list() -> Result<(), Error> {
    /// let shop = Client::from_env()?.instance("shop");
    /// let request = SearchImageByFilterRequest::new(int_attr().le(100)).num(100);
    /// let mut pages = shop.search_image_by_filter(request).pages();
    /// while let Some(page) = pages.next_page().await {
    ///     match page {
    ///         Ok(page) => println!("{} hits, {:?}", page.auctions.len(), page.meta().request_id()),
    ///         Err(error) if error.kind() == ErrorKind::Truncated => println!("{error}"),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages(self) -> PageStream<R> {
        let Self { instance, request, options } = self;
        PageStream { instance, pages: Pages::new(request), options, current: None }
    }
}

/// The pages of a call, one request each. Ends after the last page or the first error.
///
/// A [`Stream`]; use [`PageStream::next_page`] without a stream crate.
#[must_use = "a stream does nothing unless it is polled"]
pub struct PageStream<R> {
    instance: Instance,
    pages: Pages<R>,
    options: CallOptions,
    current: Option<CallFuture<R>>,
}

impl<R: PagedRequest> PageStream<R> {
    /// Waits for the next page; `None` after the last one.
    pub async fn next_page(&mut self) -> Option<Result<Response<R::Response>, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    pub(crate) fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Response<R::Response>, Error>>> {
        loop {
            if self.current.is_none() {
                let request = match self.pages.next_request() {
                    Some(Ok(request)) => request,
                    Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                    None => return Poll::Ready(None),
                };
                let options = self.pages.call_options(&self.options);
                let call = Call { instance: self.instance.clone(), request, options };
                self.current = Some(call.send());
            }
            let Some(call) = &mut self.current else {
                return Poll::Ready(None);
            };
            let page = ready!(Pin::new(call).poll(context));
            self.current = None;
            match &page {
                Ok(response) => self.pages.advance(response),
                Err(error) if self.pages.recover(error) => continue,
                Err(_) => {}
            }
            return Poll::Ready(Some(page));
        }
    }
}

impl<R: PagedRequest> Stream for PageStream<R> {
    type Item = Result<Response<R::Response>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

impl<R> Unpin for PageStream<R> {}

impl<R> fmt::Debug for PageStream<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PageStream")
            .field("instance", &self.instance)
            .finish_non_exhaustive()
    }
}
