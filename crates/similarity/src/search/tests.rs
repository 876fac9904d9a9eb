use proptest::prelude::*;

use super::{Hit, Index, Snapshot};
use crate::descriptor::Descriptor;
use crate::look::{Look, Query};
use crate::score::{cosine, query_cosine, score};
use crate::splitmix::SplitMix64;

fn descriptor(seed: u64) -> Descriptor {
    let mut random = SplitMix64::new(seed);
    let numbers: Vec<i8> = (0..1024).map(|_| random.between(-127, 127) as i8).collect();
    Descriptor::from_slice(&numbers).unwrap()
}

/// Creates a picture without a subject.
fn random(seed: u64) -> Look {
    Look { whole: descriptor(seed), subject: None }
}

/// Creates a picture with the subject of a seed.
fn page(seed: u64, subject: u64) -> Look {
    Look { whole: descriptor(seed), subject: Some(descriptor(subject)) }
}

fn query(seed: u64) -> Query {
    Query { plain: random(seed), mirrored: Some(random(seed + 1_000_000)) }
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
    index.push(&query(7).mirrored.unwrap());
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

#[test]
fn the_better_of_picture_and_subject_counts() {
    let mut index = Index::new();
    index.push(&page(1, 2));
    index.push(&page(3, 4));
    index.push(&random(5));
    let first = |query: &Query| index.nearest(query, 1, |_| true)[0];
    for (seed, id) in [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)] {
        assert_eq!(first(&query(seed)), Hit { id, cosine: 1.0 }, "the picture or subject {seed}");
        let on_a_page = Query { plain: page(77, seed), mirrored: None };
        assert_eq!(first(&on_a_page), Hit { id, cosine: 1.0 }, "the subject {seed} on a page");
    }
}

#[test]
fn of_equal_scores_the_same_picture_comes_first() {
    let mut index = Index::new();
    let (mirrored, framed, same) = (query(1).mirrored.unwrap(), page(9, 1), random(1));
    for look in [&mirrored, &framed, &same] {
        index.push(look);
    }
    let hits = index.nearest(&query(1), 3, |_| true);
    assert_eq!(hits[0].id, 2);
    assert!(hits.iter().all(|hit| hit.cosine == 1.0), "{hits:?}");
}

#[test]
fn a_snapshot_does_not_see_later_writes() {
    let mut index = Index::new();
    let ids: Vec<_> = (0..5).map(|seed| index.push(&random(seed))).collect();
    let before = index.snapshot();
    index.replace(ids[0], &random(50));
    index.remove(ids[1]);
    index.push(&random(60));
    let first = |snapshot: &Snapshot, seed| snapshot.nearest(&query(seed), 1, |_| true)[0];
    assert_eq!((before.len(), index.len()), (5, 5));
    for seed in [0, 1] {
        assert_eq!(first(&before, seed), Hit { id: ids[seed as usize], cosine: 1.0 });
        assert!(first(&index.snapshot(), seed).cosine < 1.0);
    }
    assert_eq!(first(&index.snapshot(), 60).cosine, 1.0);
}

/// Enough pictures for several blocks and threads.
#[test]
fn many_blocks_answer_like_one() {
    let mut index = Index::new();
    let looks: Vec<Look> = (0..64).map(|seed| page(seed, seed + 64)).collect();
    for place in 0..10_000 {
        index.push(&looks[place % looks.len()]);
    }
    let whole_block: Vec<u64> = (4096..8192).collect();
    assert!(whole_block.iter().all(|&id| index.remove(id)));
    assert_eq!(index.len(), 10_000 - 4096);
    assert_eq!(index.snapshot().len(), index.len());
    let expected = |seed: u64| {
        let all = (0..10_000).filter(|id| id % 64 == seed && !(4096..8192).contains(id));
        all.collect::<Vec<u64>>()
    };
    for seed in [0, 63] {
        let count = expected(seed).len();
        let hits = index.nearest(&query(seed + 64), count + 10, |_| true);
        assert_eq!(ids(&hits)[..count], expected(seed));
        assert!(hits[..count].iter().all(|hit| hit.cosine == 1.0) && hits[count].cosine < 1.0);
    }
    let id = index.push(&random(1000));
    assert_eq!((id, index.get(id)), (10_000, Some(random(1000))));
    assert_eq!(index.get(8192), Some(looks[0].clone()));
    assert_eq!(ids(&index.nearest(&query(1000), 1, |_| true)), [10_000]);
}

#[derive(Debug, Clone)]
enum Step {
    Push(u64),
    PushPage(u64, u64),
    Replace(u64, u64),
    Remove(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..6_u64).prop_map(Step::Push),
        1 => (0..6_u64, 0..6_u64).prop_map(|(seed, subject)| Step::PushPage(seed, subject)),
        1 => (0..20_u64, 0..6_u64).prop_map(|(id, seed)| Step::Replace(id, seed)),
        2 => (0..20_u64).prop_map(Step::Remove),
    ]
}

/// Ranks by comparing one by one: what a search must answer.
fn brute_force(
    pictures: &[(u64, Look)],
    query: &Query,
    least_score: f32,
    keep: impl Fn(u64) -> bool,
) -> Vec<Hit> {
    let kept = pictures.iter().filter(|(id, _)| keep(*id));
    let mut ranked: Vec<(Hit, f64)> = kept
        .map(|(id, look)| {
            let direct = cosine(&query.plain.whole, &look.whole);
            (Hit { id: *id, cosine: query_cosine(query, look) }, direct)
        })
        .filter(|(hit, _)| score(hit.cosine) >= least_score)
        .collect();
    ranked.sort_by(|(a, near), (b, nearer)| {
        b.cosine.total_cmp(&a.cosine).then(nearer.total_cmp(near)).then(a.id.cmp(&b.id))
    });
    ranked.into_iter().map(|(hit, _)| hit).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn answers_like_a_sorted_list(
        steps in prop::collection::vec(step(), 0..40),
        asked in 0..8_u64,
        subject in prop::option::of(0..8_u64),
        count in 0..8_usize,
        least_score in prop::sample::select(vec![0.0, 1e-6, 0.3, 1.0_f32]),
        one_in in 1..4_u64,
    ) {
        let mut index = Index::new();
        let mut model: Vec<(u64, Look)> = Vec::new();
        for step in steps {
            match step {
                Step::Push(seed) => model.push((index.push(&random(seed)), random(seed))),
                Step::PushPage(seed, subject) => {
                    model.push((index.push(&page(seed, subject)), page(seed, subject)));
                }
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
        let mut query = query(asked);
        query.plain.subject = subject.map(descriptor);
        let keep = |id| id % one_in == 0;
        let all = brute_force(&model, &query, least_score, keep);
        let ranking = index.snapshot().search(&query, count, least_score, keep);
        prop_assert_eq!(ranking.total, all.len());
        prop_assert_eq!(&ranking.hits[..], &all[..count.min(all.len())]);
        prop_assert_eq!(index.nearest(&query, usize::MAX, keep), brute_force(&model, &query, 0.0, keep));
        for (id, look) in model {
            prop_assert_eq!(index.get(id), Some(look));
        }
    }

    /// As many pictures as several threads share, in an order that blocks and threads do not follow.
    #[test]
    fn threads_do_not_change_the_answer(seed in any::<u64>(), count in 1..600_usize) {
        let looks: Vec<Look> = (0..32).map(random).collect();
        let mut draw = SplitMix64::new(seed);
        let mut index = Index::new();
        let mut model = Vec::new();
        for _ in 0..9000 {
            let look = &looks[draw.between(0, 31) as usize];
            model.push((index.push(look), look.clone()));
        }
        model.retain(|(id, _)| id % 5 != 0 || !index.remove(*id));
        let query = query(draw.between(0, 40) as u64);
        let ranking = index.snapshot().with_threads(4).search(&query, count, 0.0, |_| true);
        prop_assert_eq!(ranking.total, model.len());
        prop_assert_eq!(&ranking.hits[..], &brute_force(&model, &query, 0.0, |_| true)[..count]);
    }
}
