use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::Stream;
use imagesearch_core::{Error, requests::PagedRequest};

use crate::{call::Call, pages::PageStream};

impl<R: PagedRequest> Call<R> {
    /// Streams the rows of all pages, from the page that the request asks for: the hits of a search, the
    /// tasks of a list.
    ///
    /// The next page is fetched when the rows of the last one are used up. The end of what the service
    /// shows is an error, as for [`pages`](Self::pages).
    ///
    /// ```no_run
    /// use imagesearch_async::{Client, filter::int_attr, requests::SearchImageByFilterRequest};
    ///
    /// # async fn list() -> Result<(), imagesearch_async::Error> {
    /// let shop = Client::from_env()?.instance("shop");
    /// let request = SearchImageByFilterRequest::new(int_attr().le(100)).num(100);
    /// let mut hits = shop.search_image_by_filter(request).items();
    /// while let Some(hit) = hits.next_item().await {
    ///     println!("{:?}", hit?.product_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn items(self) -> ItemStream<R> {
        ItemStream { pages: self.pages(), items: Vec::new().into_iter() }
    }
}

/// The rows of all pages of a call; it ends after the last row or the first error.
///
/// A [`Stream`]; without a crate for streams, [`ItemStream::next_item`] does as well.
#[must_use = "a stream does nothing unless it is polled"]
pub struct ItemStream<R: PagedRequest> {
    pages: PageStream<R>,
    items: vec::IntoIter<R::Item>,
}

impl<R: PagedRequest> ItemStream<R> {
    /// Waits for the next row; `None` after the last one.
    pub async fn next_item(&mut self) -> Option<Result<R::Item, Error>> {
        std::future::poll_fn(|context| self.poll_item(context)).await
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Item, Error>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => self.items = R::into_items(page.into_inner()).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<R: PagedRequest> Stream for ItemStream<R> {
    type Item = Result<R::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

// Rows are moved out, never pinned.
impl<R: PagedRequest> Unpin for ItemStream<R> {}

impl<R: PagedRequest> fmt::Debug for ItemStream<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ItemStream")
            .field("fetched", &self.items.len())
            .finish_non_exhaustive()
    }
}
