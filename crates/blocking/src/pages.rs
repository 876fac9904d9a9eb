use imagesearch_core::{
    Error, Response, client::CallOptions, exchange::Reply, paging::Pages, requests::PagedRequest,
};

use crate::{call::Call, driver::drive, instance::Instance};

impl<R: PagedRequest> Call<R> {
    /// Iterates over the pages from the one that the request asks for.
    pub fn pages(self) -> PageIterator<R> {
        PageIterator::new(self.instance, Pages::new(self.request), self.options)
    }
}

/// The pages of a call, one request each; it ends after the last page or the first error.
#[derive(Clone, Debug)]
pub struct PageIterator<R> {
    instance: Instance,
    pages: Pages<R>,
    options: CallOptions,
}

impl<R: PagedRequest> PageIterator<R> {
    pub(crate) fn new(instance: Instance, pages: Pages<R>, options: CallOptions) -> Self {
        Self { instance, pages, options }
    }
}

impl<R: PagedRequest> Iterator for PageIterator<R> {
    type Item = Result<Response<R::Response>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let request = self.pages.next_request()?;
        let prepared = self.instance.prepare(request, self.options.clone());
        let page =
            drive(&self.instance.client().inner, prepared).and_then(Reply::decode::<R::Response>);
        match &page {
            Ok(response) => self.pages.advance(response),
            Err(_) => self.pages.stop(),
        }
        Some(page)
    }
}
