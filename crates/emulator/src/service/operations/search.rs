//! Searches of all versions: which pictures count, and which of them are listed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use imagesearch_core::Filter;
use imagesearch_core::values::{CategoryId, ScoreThreshold};
use imagesearch_similarity::{Query, score};

use crate::service::Service;
use crate::service::compute::{Threads, Turn};
use crate::service::outcome::{Boxes, Found, Hit, Recognized};
use crate::service::picture::PictureInput;
use crate::service::picture::{
    LEAST_SCORE, NEIGHBOURS, category_of_neighbours, has_categories, is_predictable,
    predicted_category,
};
use crate::service::refusal::Refusal;
use crate::store::instance::{Instance, Nearest};
use crate::store::{ImageKey, StoredImage};

/// Scores are rounded to parts of this.
const DECIMALS: f64 = 1e6;

/// How many hits are listed unless the request says.
const USUAL_COUNT: usize = 10;

/// Which of the ranked pictures a search wants.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    pub(crate) window: Window,
    pub(crate) filter: Option<Filter>,
    /// The category that the request names.
    pub(crate) category: Option<CategoryId>,
    pub(crate) distinct_products: bool,
    pub(crate) threshold: Option<ScoreThreshold>,
}

/// A part of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) start: usize,
    pub(crate) count: usize,
}

impl Default for Window {
    fn default() -> Self {
        Self { start: 0, count: USUAL_COUNT }
    }
}

impl Window {
    /// Takes `Start` and `Num`, or what they are when the request does not say.
    pub(crate) fn of(start: Option<i32>, count: Option<i32>) -> Self {
        let usual = Self::default();
        let given = |number: Option<i32>, usual: usize| {
            number.map_or(usual, |number| usize::try_from(number).unwrap_or(0))
        };
        Self { start: given(start, usual.start), count: given(count, usual.count) }
    }
}

/// Lists the stored pictures that are most like one that is sent.
pub(crate) async fn by_picture(
    service: &Service,
    instance: Arc<Instance>,
    picture: PictureInput,
    selection: Selection,
) -> Result<Found, Refusal> {
    let selection = selection.of_instance(&instance);
    let search = move |turn: &Turn| {
        let decoded = picture.decode()?;
        let query = decoded.query();
        let started = Instant::now();
        let predicts = selection.category.is_none() && is_predictable(&instance);
        let threads = turn.threads();
        let nearest = selection.nearest(&instance, &query, &threads, predicts);
        // Only told: what is searched are all categories, unless the call names one.
        let category = match selection.category {
            Some(named) => named,
            None if !predicts => CategoryId::OTHER,
            None if selection.has_neighbours() => category_of_neighbours(&nearest),
            None => predicted_category(&instance, &query, &threads),
        };
        let recognized = recognized(&instance, category, decoded.boxes);
        Ok(selection.found(nearest, recognized, started))
    };
    service.compute.run(search).await
}

/// Lists the stored pictures that are most like one of them.
pub(crate) async fn by_name(
    service: &Service,
    instance: Arc<Instance>,
    key: &ImageKey,
    selection: Selection,
) -> Result<Found, Refusal> {
    let (image, look) = instance.described(key).ok_or_else(|| Refusal::of("PicNotExist"))?;
    let selection = selection.of_instance(&instance);
    let category = selection.category.unwrap_or(image.category);
    let boxes = image.region.map_or_else(Boxes::default, Boxes::one);
    let search = move |turn: &Turn| {
        // Pixels are not kept, so a mirrored copy is found only as far as it looks alike unmirrored.
        let query = Query::from(look);
        let started = Instant::now();
        let nearest = selection.nearest(&instance, &query, &turn.threads(), false);
        let recognized = recognized(&instance, category, boxes);
        Ok(selection.found(nearest, recognized, started))
    };
    service.compute.run(search).await
}

/// Returns what was made of a picture of an instance.
pub(crate) fn recognized(instance: &Instance, category: CategoryId, boxes: Boxes) -> Recognized {
    Recognized { category, boxes, has_categories: has_categories(instance) }
}

impl Selection {
    /// Leaves a category out that pictures of the instance do not have.
    pub(crate) fn of_instance(mut self, instance: &Instance) -> Self {
        self.category = self.category.filter(|_| has_categories(instance));
        self
    }

    /// Compares all pictures of an instance with a query; with neighbours, if that costs nothing, those
    /// that have a say in a category are among them.
    fn nearest(
        &self,
        instance: &Instance,
        query: &Query,
        threads: &Threads,
        neighbours: bool,
    ) -> Nearest {
        let keeps = |image: &StoredImage| self.keeps(image);
        let keep: Option<&dyn Fn(&StoredImage) -> bool> =
            if self.keeps_all() { None } else { Some(&keeps) };
        let Window { start, count } = self.window;
        let end = start.saturating_add(count);
        // Which pictures come first of their product is known when all are ranked.
        let end = if self.distinct_products { usize::MAX } else { end };
        let end = if neighbours && self.has_neighbours() { end.max(NEIGHBOURS) } else { end };
        instance.nearest(query, end, self.least_score(), threads.count, keep)
    }

    /// Returns whether the nearest of those that are wanted are the nearest of all.
    fn has_neighbours(&self) -> bool {
        self.keeps_all() && self.least_score() <= LEAST_SCORE
    }

    fn keeps_all(&self) -> bool {
        self.filter.is_none() && self.category.is_none()
    }

    /// Returns the least score of a hit; what is rounded up to the threshold is found as well.
    fn least_score(&self) -> f32 {
        (self.threshold() - 0.5 / DECIMALS) as f32
    }

    fn threshold(&self) -> f64 {
        self.threshold.map_or(0.0, ScoreThreshold::get)
    }

    fn found(&self, nearest: Nearest, recognized: Recognized, started: Instant) -> Found {
        let ranked = nearest.images.into_iter();
        let ranked = ranked.map(|(image, hit)| (image, score(hit.cosine)));
        let (hits, total) = self.page(ranked);
        let total = if self.distinct_products { total } else { nearest.total };
        Found { hits, total, elapsed: started.elapsed(), recognized }
    }

    /// Ranks all pictures by a score of their own, and lists those of the wanted page that have one
    /// above zero.
    ///
    /// Of equal scores, that which was added first comes first.
    pub(crate) fn scan(
        &self,
        instance: &Instance,
        score: impl Fn(&StoredImage) -> f32,
    ) -> (Vec<Hit>, usize) {
        let images = instance.images().into_iter().filter(|image| self.keeps(image));
        let mut ranked: Vec<_> = images.map(|image| (score(&image), image)).collect();
        ranked.retain(|(score, _)| *score > 0.0);
        ranked.sort_by(|(left, _), (right, _)| right.total_cmp(left));
        self.page(ranked.into_iter().map(|(score, image)| (image, score)))
    }

    fn keeps(&self, image: &StoredImage) -> bool {
        let filter = self.filter.as_ref();
        let matches = filter.is_none_or(|filter| filter.matches(image) == Some(true));
        matches && self.category.is_none_or(|it| it == image.category)
    }

    /// Takes the wanted page of ranked pictures, and counts all that score enough.
    fn page(&self, ranked: impl Iterator<Item = (Arc<StoredImage>, f32)>) -> (Vec<Hit>, usize) {
        let mut products = BTreeSet::new();
        let hits = ranked
            .map(|(image, score)| Hit { image, score: rounded(score) })
            .take_while(|hit| hit.score >= self.threshold())
            .filter(|hit| {
                !self.distinct_products || products.insert(hit.image.key.product_id.clone())
            });
        let hits: Vec<Hit> = hits.collect();
        let total = hits.len();
        let Window { start, count } = self.window;
        (hits.into_iter().skip(start).take(count).collect(), total)
    }
}

/// Rounds to six decimals, so that a 32-bit float does not print with the noise of 64 bits.
pub(crate) fn rounded(score: f32) -> f64 {
    (f64::from(score) * DECIMALS).round() / DECIMALS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_print_short() {
        for (score, expected) in [(1.0, 1.0), (0.95, 0.95), (0.0, 0.0), (0.123_456_78, 0.123_457)] {
            assert_eq!(rounded(score), expected);
        }
    }
}
