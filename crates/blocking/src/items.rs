use std::{fmt, vec};

use imagesearch_core::{Error, requests::PagedRequest};

use crate::{call::Call, pages::PageIterator};

impl<R: PagedRequest> Call<R> {
    /// Iterates over the rows of all pages, from the page that the request asks for: the hits of a search, the
    /// tasks of a list.
    ///
    /// The next page is fetched when the rows of the last one are used up. The end of what the service
    /// shows is an error, as for [`pages`](Self::pages).
    ///
    /// ```no_run
    /// use imagesearch_blocking::{Client, filter::int_attr, requests::SearchImageByFilterRequest};
    ///
    /// let shop = Client::from_env()?.instance("shop");
    /// let request = SearchImageByFilterRequest::new(int_attr().le(100)).num(100);
    /// for hit in shop.search_image_by_filter(request).items() {
    ///     println!("{:?}", hit?.product_id);
    /// }
    /// # Ok::<(), imagesearch_blocking::Error>(())
    /// ```
    pub fn items(self) -> ItemIterator<R> {
        ItemIterator { pages: self.pages(), items: Vec::new().into_iter() }
    }
}

/// The rows of all pages of a call; it ends after the last row or the first error.
#[must_use = "an iterator does nothing unless it is asked for rows"]
pub struct ItemIterator<R: PagedRequest> {
    pages: PageIterator<R>,
    items: vec::IntoIter<R::Item>,
}

impl<R: PagedRequest> Iterator for ItemIterator<R> {
    type Item = Result<R::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(Ok(item));
            }
            match self.pages.next()? {
                Ok(page) => self.items = R::into_items(page.into_inner()).into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<R: PagedRequest> fmt::Debug for ItemIterator<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ItemIterator")
            .field("fetched", &self.items.len())
            .finish_non_exhaustive()
    }
}
