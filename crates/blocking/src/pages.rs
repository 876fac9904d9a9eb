use imagesearch_core::{
    Error, Response, client::CallOptions, paging::Pages, requests::PagedRequest,
};

use crate::{call::Call, instance::Instance};

impl<R: PagedRequest> Call<R> {
    /// Returns an iterator over the pages, starting with the one of the request.
    ///
    /// The service shows the first 500 hits of a search only. If the last page before that end is full,
    /// there may be more, and an error of the kind [`Truncated`](imagesearch_core::ErrorKind::Truncated)
    /// follows it.
    ///
    /// ```no_run
    /// use imagesearch_blocking::{
    ///     Client, Error, ErrorKind, filter::int_attr, requests::SearchImageByFilterRequest,
    /// };
    ///
    /// let shop = Client::from_env()?.instance("shop");
    /// let request = SearchImageByFilterRequest::new(int_attr().le(100)).num(100);
    /// for page in shop.search_image_by_filter(request).pages() {
    ///     match page {
    ///         Ok(page) => println!("{} hits, {:?}", page.auctions.len(), page.meta().request_id()),
    ///         Err(error) if error.kind() == ErrorKind::Truncated => println!("{error}"),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok::<(), Error>(())
    /// ```
    pub fn pages(self) -> PageIterator<R> {
        let Self { instance, request, options } = self;
        PageIterator { instance, pages: Pages::new(request), options }
    }
}

/// The pages of a call, one request each. Ends after the last page or the first error.
#[derive(Clone, Debug)]
pub struct PageIterator<R> {
    instance: Instance,
    pages: Pages<R>,
    options: CallOptions,
}

impl<R: PagedRequest> Iterator for PageIterator<R> {
    type Item = Result<Response<R::Response>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let request = match self.pages.next_request()? {
                Ok(request) => request,
                Err(error) => return Some(Err(error)),
            };
            let options = self.pages.call_options(&self.options);
            let page = Call { instance: self.instance.clone(), request, options }.send();
            match &page {
                Ok(response) => self.pages.advance(response),
                Err(error) if self.pages.recover(error) => continue,
                Err(_) => {}
            }
            return Some(page);
        }
    }
}
