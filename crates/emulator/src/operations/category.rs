//! Which category a picture belongs to: the named one, or one predicted from its neighbours.

use std::collections::BTreeMap;

use imagesearch_core::{CategoryId, Parameters, ServiceType, Value};
use imagesearch_similarity::Query;

use crate::store::instance::Instance;

/// How many of the most similar stored pictures have a say in a prediction.
const NEIGHBOURS: usize = 5;

/// The least score of a picture that has a say; above it, pictures show the same or much alike.
const LEAST_SCORE: f32 = 0.4;

/// Returns the category that a request names, where the service type has categories.
pub(crate) fn named_category(instance: &Instance, parameters: &Parameters) -> Option<CategoryId> {
    if instance.service_type() != ServiceType::Product {
        return None;
    }
    let number = parameters.get("CategoryId").and_then(Value::as_integer)?;
    i32::try_from(number).ok().map(CategoryId::new)
}

/// Predicts the category of a picture: that of most of its nearest neighbours, or else 88888888.
///
/// The service recognizes what a picture shows. The emulator does not: it goes by the five most
/// similar stored pictures that score at least 0.4, and of equally frequent categories it takes that of
/// the most similar.
pub(crate) fn predicted_category(instance: &Instance, query: &Query) -> CategoryId {
    if instance.service_type() != ServiceType::Product || !instance.has_categories() {
        return CategoryId::OTHER;
    }
    let near = instance.nearest(query, NEIGHBOURS, LEAST_SCORE, None);
    majority(near.images.iter().map(|(image, _)| image.category)).unwrap_or(CategoryId::OTHER)
}

/// Returns the most frequent category, the earlier one of equally frequent ones.
fn majority(categories: impl Iterator<Item = CategoryId>) -> Option<CategoryId> {
    let mut counts: BTreeMap<CategoryId, (usize, usize)> = BTreeMap::new();
    for (place, category) in categories.enumerate() {
        counts.entry(category).or_insert((0, usize::MAX - place)).0 += 1;
    }
    counts.into_iter().max_by_key(|(_, frequency)| *frequency).map(|(category, _)| category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_wins_and_of_equals_the_nearest() {
        for (categories, expected) in [
            (vec![], None),
            (vec![3], Some(3)),
            (vec![1, 2, 2], Some(2)),
            (vec![2, 1, 1, 2], Some(2)),
            (vec![1, 2, 2, 1, 0], Some(1)),
            (vec![88888888, 1, 2], Some(88888888)),
        ] {
            let found = majority(categories.iter().map(|id| CategoryId::new(*id)));
            assert_eq!(found, expected.map(CategoryId::new), "{categories:?}");
        }
    }
}
