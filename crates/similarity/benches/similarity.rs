//! The cost of describing and searching: `cargo bench -p imagesearch-similarity`.
//!
//! Compares a search over all vectors with one pass over their bytes, the minimum for an exact
//! search.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use imagesearch_similarity::{
    DecodeLimits, Index, Look, Query, alterations, decode, describe, find_subjects, synthetic,
};

/// The number of pictures to search, 98 MiB of vectors.
const PICTURES: u64 = 100_000;

fn describing(criterion: &mut Criterion) {
    let picture = synthetic::picture(1);
    let file = alterations::to_jpeg(&picture, 85);
    let mut group = criterion.benchmark_group("a picture");
    group.bench_function("decode", |it| {
        it.iter(|| decode(black_box(&file), DecodeLimits::default()));
    });
    group.bench_function("find its subjects", |it| it.iter(|| find_subjects(black_box(&picture))));
    group.bench_function("describe", |it| it.iter(|| describe(black_box(&picture))));
    group.bench_function("describe for a search", |it| {
        it.iter(|| Query::of(black_box(&picture), None));
    });
    group.finish();
}

fn searching(criterion: &mut Criterion) {
    let looks: Vec<Look> = (0..16).map(|seed| Look::of(&synthetic::picture(seed), None)).collect();
    let mut index = Index::new();
    for look in looks.iter().cycle().take(PICTURES as usize) {
        index.push(look);
    }
    let query = Query::of(&synthetic::picture(99), None);
    let stored = Query::from(looks[3].clone());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let snapshot = index.snapshot().with_threads(processors);
    let mut group = criterion.benchmark_group("100,000 pictures");
    group.bench_function("one pass over the bytes", |it| it.iter(|| snapshot.pass()));
    for count in [10, 500] {
        group.bench_function(format!("nearest {count}"), |it| {
            it.iter(|| snapshot.nearest(black_box(&query), count, |_| true));
        });
    }
    group.bench_function("nearest 10 to a stored one", |it| {
        it.iter(|| snapshot.nearest(black_box(&stored), 10, |_| true));
    });
    group.finish();
}

criterion_group!(benches, describing, searching);
criterion_main!(benches);
