use proptest::prelude::*;

use super::super::descriptor::{Descriptor, Query};
use super::super::score::query_cosine;
use super::super::splitmix::SplitMix64;
use super::{Hit, Index};

fn random(seed: u64) -> Descriptor {
    let mut random = SplitMix64::new(seed);
    let numbers: Vec<i8> = (0..1024).map(|_| random.between(-127, 127) as i8).collect();
    Descriptor::from_slice(&numbers).unwrap()
}

fn query(seed: u64) -> Query {
    Query { plain: random(seed), mirrored: random(seed + 1_000_000) }
}

fn ids(hits: &[Hit]) -> Vec<u64> {
    hits.iter().map(|hit| hit.id).collect()
}

#[test]
fn equally_near_ones_come_in_the_order_they_were_added() {
    let mut index = Index::new();
    for seed in [1, 2, 1, 1, 2] {
        index.push(&random(seed));
    }
    assert_eq!(ids(&index.nearest(&query(1), 5, |_| true))[..3], [0, 2, 3]);
    // Removal moves rows about, but not the order.
    index.push(&random(1));
    assert!(index.remove(0));
    assert_eq!(ids(&index.nearest(&query(1), 3, |_| true)), [2, 3, 5]);
    assert_eq!(ids(&index.nearest(&query(1), 1, |_| true)), [2]);
}

#[test]
fn finds_mirrored_copies() {
    let mut index = Index::new();
    index.push(&random(8));
    index.push(&query(7).mirrored);
    let hits = index.nearest(&query(7), 1, |_| true);
    assert_eq!(hits, [Hit { id: 1, cosine: 1.0 }]);
}

#[test]
fn skips_what_is_not_to_be_kept() {
    let mut index = Index::new();
    for seed in 0..10 {
        index.push(&random(seed));
    }
    let hits = index.nearest(&query(4), 3, |id| id % 2 == 1);
    assert_eq!(hits.len(), 3);
    assert!(hits.iter().all(|hit| hit.id % 2 == 1));
    assert!(index.nearest(&query(4), 0, |_| true).is_empty());
    assert!(Index::new().nearest(&query(4), 3, |_| true).is_empty());
}

#[test]
fn unknown_numbers_change_nothing() {
    let mut index = Index::new();
    let id = index.push(&random(1));
    assert!(index.remove(id));
    assert!(!index.remove(id));
    assert!(!index.replace(id, &random(2)));
    assert_eq!((index.get(id), index.len(), index.is_empty()), (None, 0, true));
    assert_eq!(index.push(&random(1)), id + 1);
}

#[derive(Debug, Clone)]
enum Step {
    Push(u64),
    Replace(u64, u64),
    Remove(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..6_u64).prop_map(Step::Push),
        1 => (0..20_u64, 0..6_u64).prop_map(|(id, seed)| Step::Replace(id, seed)),
        2 => (0..20_u64).prop_map(Step::Remove),
    ]
}

proptest! {
    #[test]
    fn answers_like_a_sorted_list(steps in prop::collection::vec(step(), 0..40)) {
        let mut index = Index::new();
        let mut model: Vec<(u64, Descriptor)> = Vec::new();
        for step in steps {
            match step {
                Step::Push(seed) => model.push((index.push(&random(seed)), random(seed))),
                Step::Replace(id, seed) => {
                    let known = model.iter_mut().find(|entry| entry.0 == id);
                    prop_assert_eq!(index.replace(id, &random(seed)), known.is_some());
                    if let Some(entry) = known {
                        entry.1 = random(seed);
                    }
                }
                Step::Remove(id) => {
                    let known = model.iter().position(|entry| entry.0 == id);
                    prop_assert_eq!(index.remove(id), known.is_some());
                    known.map(|at| model.remove(at));
                }
            }
        }
        prop_assert_eq!(index.len(), model.len());
        let query = query(3);
        let mut expected: Vec<Hit> = model
            .iter()
            .map(|(id, descriptor)| Hit { id: *id, cosine: query_cosine(&query, descriptor) })
            .collect();
        expected.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.id.cmp(&b.id)));
        expected.truncate(5);
        prop_assert_eq!(index.nearest(&query, 5, |_| true), expected);
        for (id, descriptor) in model {
            prop_assert_eq!(index.get(id), Some(descriptor));
        }
    }
}
