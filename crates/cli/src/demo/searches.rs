use std::future::Future;

use imagesearch_async::Instance;
use imagesearch_core::{Error, requests::SearchImageByPicRequest};
use serde::Serialize;
use tokio::task::JoinSet;

use super::alterations::Copy;
use crate::exit::Failure;

/// The result of searching with an altered copy.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Search {
    pub(super) photo: &'static str,
    pub(super) alteration: &'static str,
    /// The name of the first hit.
    pub(super) first_hit: Option<String>,
    /// How similar it is, from 0 to 1.
    pub(super) score: Option<f64>,
    /// The rank of the original, counted from 1.
    pub(super) rank: Option<usize>,
}

/// The fields of a hit that all API versions have.
pub(super) struct Hit {
    /// The product or item that the picture belongs to.
    pub(super) product_id: Option<String>,
    pub(super) pic_name: Option<String>,
    pub(super) score: Option<f64>,
}

impl Search {
    /// Returns whether the original was found first.
    pub(super) fn passed(&self) -> bool {
        self.rank == Some(1)
    }

    fn new(copy: &Copy, hits: &[Hit]) -> Self {
        let first = hits.first();
        let product_id = copy.photo.product_id();
        let is_original = |hit: &Hit| hit.product_id.as_deref() == Some(&*product_id);
        Self {
            photo: copy.photo.name,
            alteration: copy.alteration,
            first_hit: first.and_then(|hit| hit.pic_name.clone()),
            score: first.and_then(|hit| hit.score),
            rank: hits.iter().position(is_original).map(|at| at + 1),
        }
    }
}

/// Searches with a copy through the newest version.
pub(super) fn by_pic(
    shop: &Instance,
    copy: &Copy,
) -> impl Future<Output = Result<Vec<Hit>, Error>> + Send + use<> {
    let request = SearchImageByPicRequest::new(copy.jpeg.clone()).num(20);
    let call = shop.search_image_by_pic(request).send();
    async move {
        let found = call.await?;
        let hits = found.auctions.iter().map(|hit| Hit {
            product_id: hit.product_id.clone(),
            pic_name: hit.pic_name.clone(),
            score: hit.score,
        });
        Ok(hits.collect())
    }
}

/// Searches with all copies at once and returns the results in the order of the copies.
pub(super) fn run<F>(copies: &[Copy], search: impl Fn(&Copy) -> F) -> Result<Vec<Search>, Failure>
where
    F: Future<Output = Result<Vec<Hit>, Error>> + Send + 'static,
{
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            Failure::call(format!("could not start a runtime for the async client: {error}"))
        })?;
    runtime.block_on(async {
        let mut calls = JoinSet::new();
        for (index, copy) in copies.iter().enumerate() {
            let call = search(copy);
            calls.spawn(async move { (index, call.await) });
        }
        let mut searches = Vec::with_capacity(copies.len());
        while let Some(joined) = calls.join_next().await {
            let (index, found) = joined.map_err(Failure::call)?;
            let hits = found.map_err(|error: Error| Failure::from(error))?;
            if let Some(copy) = copies.get(index) {
                searches.push((index, Search::new(copy, &hits)));
            }
        }
        searches.sort_by_key(|(index, _)| *index);
        Ok(searches.into_iter().map(|(_, search)| search).collect())
    })
}
