//! What searches have in common: which pictures count, and how they are listed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use imagesearch_core::{
    Auction, CategoryId, Filter, Head, ScoreThreshold, SortExprValues, StoredPicture, Value,
};

use super::Call;
use super::category::named_category;
use super::view::Boxes;
use crate::store::{StoredImage, instance::Instance};
use imagesearch_similarity::{self as similarity, Query};

/// Scores are rounded to parts of this.
const DECIMALS: f64 = 1e6;

/// Which of the ranked pictures a search wants.
pub(super) struct Selection {
    start: usize,
    count: usize,
    filter: Option<Filter>,
    category: Option<CategoryId>,
    distinct_products: bool,
    least_score: f64,
}

/// What a search found.
pub(super) struct Found {
    pub(super) head: Head,
    pub(super) auctions: Vec<Auction>,
}

/// What a search found, and what was made of the picture it was asked about.
pub(super) struct Answered {
    pub(super) found: Found,
    pub(super) category: CategoryId,
    pub(super) boxes: Boxes,
}

impl Selection {
    pub(super) fn of(call: &Call<'_>) -> Self {
        let threshold = call.text("ScoreThreshold");
        let threshold = threshold.and_then(|text| text.parse::<ScoreThreshold>().ok());
        let (start, count) = window(call);
        Self {
            start,
            count,
            filter: call.filter(),
            category: named_category(&call.instance, &call.parameters),
            distinct_products: call.flag("DistinctProductId", false),
            least_score: threshold.map_or(0.0, ScoreThreshold::get),
        }
    }

    /// Compares all pictures of an instance with a query and lists those of the wanted page.
    pub(super) fn search(&self, instance: &Instance, query: &Query) -> Found {
        let started = Instant::now();
        let keeps = |image: &StoredImage| self.keeps(image);
        let keeps_all = self.filter.is_none() && self.category.is_none();
        let keep: Option<&dyn Fn(&StoredImage) -> bool> =
            if keeps_all { None } else { Some(&keeps) };
        // Which pictures come first of their product is known when all are ranked.
        let end = self.start.saturating_add(self.count);
        let count = if self.distinct_products { usize::MAX } else { end };
        // What is rounded up to the threshold is found as well.
        let least_score = (self.least_score - 0.5 / DECIMALS) as f32;
        let nearest = instance.nearest(query, count, least_score, keep);
        let ranked = nearest.images.iter();
        let ranked = ranked.map(|(image, hit)| (image.as_ref(), similarity::score(hit.cosine)));
        let mut found = self.page(ranked, started);
        if !self.distinct_products {
            found.head.docs_found = i32::try_from(nearest.total).ok();
        }
        found
    }

    /// Ranks all pictures by a score of their own, and lists those of the wanted page that have one
    /// above zero.
    ///
    /// Of equal scores, that which was added first comes first.
    pub(super) fn scan(&self, instance: &Instance, score: impl Fn(&StoredImage) -> f32) -> Found {
        let started = Instant::now();
        let images = instance.images();
        let kept = images.iter().map(Arc::as_ref).filter(|image| self.keeps(image));
        let mut ranked: Vec<_> = kept.map(|image| (image, score(image))).collect();
        ranked.retain(|(_, score)| *score > 0.0);
        ranked.sort_by(|(_, left), (_, right)| right.total_cmp(left));
        self.page(ranked.into_iter(), started)
    }

    fn keeps(&self, image: &StoredImage) -> bool {
        let filter = self.filter.as_ref();
        let matches = filter.is_none_or(|filter| filter.matches(image) == Some(true));
        matches && self.category.is_none_or(|it| it == image.category)
    }

    fn page<'a>(
        &self,
        ranked: impl Iterator<Item = (&'a StoredImage, f32)>,
        started: Instant,
    ) -> Found {
        let mut products = BTreeSet::new();
        let hits: Vec<_> = ranked
            .map(|(image, score)| (image, rounded(score)))
            .take_while(|(_, score)| *score >= self.least_score)
            .filter(|(image, _)| {
                !self.distinct_products || products.insert(image.key.product_id.as_str())
            })
            .collect();
        let page = hits.iter().skip(self.start).take(self.count);
        let auctions: Vec<_> = page.map(|(image, score)| scored(image, *score)).collect();
        let mut head = Head::default();
        head.docs_found = i32::try_from(hits.len()).ok();
        head.docs_return = i32::try_from(auctions.len()).ok();
        head.search_time = i32::try_from(started.elapsed().as_millis()).ok();
        Found { head, auctions }
    }
}

/// Returns `Start` and `Num`, or what they are when the request does not say.
pub(super) fn window(call: &Call<'_>) -> (usize, usize) {
    let number = |name: &str, default: usize| {
        let given = call.parameters.get(name).and_then(Value::as_integer);
        given.map_or(default, |number| usize::try_from(number).unwrap_or(0))
    };
    (number("Start", 0), number("Num", 10))
}

/// Rounds to six decimals, so that a 32-bit float does not print with the noise of 64 bits.
pub(super) fn rounded(score: f32) -> f64 {
    (f64::from(score) * DECIMALS).round() / DECIMALS
}

fn scored(image: &StoredImage, score: f64) -> Auction {
    let mut row = auction(image);
    row.score = Some(score);
    row.sort_expr_values = Some(sort_expr_values(image.category, score));
    row
}

/// Writes the deprecated score, whose documented maximum depends on the category.
fn sort_expr_values(category: CategoryId, score: f64) -> SortExprValues {
    let most = match category.get() {
        0..=2 => 7.331_364_437_112_19e24,
        _ => 5.376_333_536_241_77e24,
    };
    let number = format!("{:.14e}", most * score).replace('e', "e+");
    SortExprValues::from(format!("{number};0"))
}

/// Lists a stored picture without a score.
pub(super) fn auction(image: &StoredImage) -> Auction {
    let attributes = image.attributes.clone();
    let mut row = Auction::default();
    row.product_id = Some(image.key.product_id.clone());
    row.pic_name = Some(image.key.pic_name.clone());
    row.category_id = Some(image.category);
    row.custom_content = attributes.custom_content;
    [row.int_attr, row.int_attr2, row.int_attr3, row.int_attr4] = attributes.integers;
    [row.str_attr, row.str_attr2, row.str_attr3, row.str_attr4] = attributes.strings;
    row
}

/// Describes a stored picture the way `CheckImageExists` does.
pub(crate) fn stored_picture(image: &StoredImage) -> StoredPicture {
    let attributes = image.attributes.clone();
    let mut row = StoredPicture::default();
    row.product_id = Some(image.key.product_id.clone());
    row.pic_name = Some(image.key.pic_name.clone());
    row.category_id = Some(image.category);
    row.custom_content = attributes.custom_content;
    [row.int_attr, row.int_attr2, row.int_attr3, row.int_attr4] = attributes.integers;
    [row.str_attr, row.str_attr2, row.str_attr3, row.str_attr4] = attributes.strings;
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deprecated_score_looks_as_documented() {
        for (category, score, expected) in [
            (88888888, 1.0, "5.37633353624177e+24;0"),
            (2, 1.0, "7.33136443711219e+24;0"),
            (3, 0.5, "2.68816676812088e+24;0"),
            (3, 0.0, "0.00000000000000e+0;0"),
        ] {
            let values = sort_expr_values(CategoryId::new(category), score);
            assert_eq!(values.as_str(), expected);
            assert_eq!(values.order(), Some(0));
        }
    }

    #[test]
    fn scores_print_short() {
        for (score, expected) in [(1.0, 1.0), (0.95, 0.95), (0.0, 0.0), (0.123_456_78, 0.123_457)] {
            assert_eq!(rounded(score), expected);
        }
    }
}
