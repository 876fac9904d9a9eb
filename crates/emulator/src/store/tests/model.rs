//! Any sequence of changes leaves what a simple model has, in memory and on the disk.

use std::path::Path;

use imagesearch_similarity::Query;
use proptest::prelude::*;

use super::*;

/// A store of one product: names with the seed of the look and the price, in the order of addition.
type Model = Vec<(String, usize, i32)>;

#[derive(Clone, Debug)]
enum Step {
    Put(u8, usize),
    PutTwo(u8, u8),
    Update(u8, i32),
    Remove(u8),
    RemoveDear(i32),
    Reset,
    Snapshot,
    Restore,
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let name = 0..6_u8;
    let step = prop_oneof![
        6 => (name.clone(), 0..8_usize).prop_map(|(name, seed)| Step::Put(name, seed)),
        2 => (name.clone(), name.clone()).prop_map(|(one, other)| Step::PutTwo(one, other)),
        3 => (name.clone(), 0..9).prop_map(|(name, price)| Step::Update(name, price)),
        3 => name.prop_map(Step::Remove),
        1 => (0..9).prop_map(Step::RemoveDear),
        1 => Just(Step::Reset),
        1 => Just(Step::Snapshot),
        1 => Just(Step::Restore),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..25)
}

fn put(model: &mut Model, name: u8, seed: usize) {
    let name = name.to_string();
    match model.iter_mut().find(|row| row.0 == name) {
        Some(row) => *row = (name, seed, seed as i32),
        None => model.push((name, seed, seed as i32)),
    }
}

fn image(name: u8, seed: usize) -> NewImage {
    new(&name.to_string(), seed as i32)
}

fn open(folder: Option<&Path>) -> Store {
    let data = folder.map(Path::to_owned);
    Store::open(&StoreOptions { data, ..StoreOptions::default() }).unwrap()
}

type Listed = Vec<(String, Attributes)>;

/// The names that a search finds, with their cosines.
type Found = Vec<(String, f64)>;

/// Lists the pictures, and what a search for each look finds.
fn seen(shop: &Instance) -> (Listed, Vec<Found>) {
    let (images, _) = shop.page(None, 0, usize::MAX);
    let listed = images.iter().map(|it| (it.key.pic_name.clone(), it.attributes.clone()));
    let found = (0..8).map(|seed| {
        let query = Query::from(look(seed));
        let nearest = shop.nearest(&query, usize::MAX, 0.0, 1, None).images.into_iter();
        nearest.map(|(image, hit)| (image.key.pic_name.clone(), hit.cosine)).collect()
    });
    (listed.collect(), found.collect())
}

fn run(steps: &[Step], folder: Option<&Path>) {
    let mut store = open(folder);
    let settings = InstanceSettings::new("shop").capacity(5);
    store.put_instance(settings, NOW).unwrap();
    let (mut model, mut snapshot) = (Model::new(), None);
    for step in steps {
        let shop = store.instance("shop").unwrap();
        match step {
            Step::Put(name, seed) => {
                let old = model.clone();
                put(&mut model, *name, *seed);
                let stored = shop.put(vec![image(*name, *seed)]);
                assert_eq!(stored.is_err(), model.len() > 5);
                if stored.is_err() {
                    model = old;
                }
            }
            Step::PutTwo(one, other) => {
                let old = model.clone();
                put(&mut model, *one, 1);
                put(&mut model, *other, 2);
                let stored = shop.put(vec![image(*one, 1), image(*other, 2)]);
                assert_eq!(stored.is_err(), model.len() > 5);
                if stored.is_err() {
                    model = old;
                }
            }
            Step::Update(name, price) => {
                let row = model.iter_mut().find(|row| row.0 == name.to_string());
                let change = new("", *price).image.attributes;
                let changed = shop.update("1", Some(&name.to_string()), &change).unwrap();
                assert_eq!(changed, usize::from(row.is_some()));
                row.into_iter().for_each(|row| row.2 = *price);
            }
            Step::Remove(name) => {
                let removed = shop.remove("1", Some(&name.to_string())).unwrap();
                let there = model.iter().any(|row| row.0 == name.to_string());
                assert_eq!(removed.len(), usize::from(there));
                model.retain(|row| row.0 != name.to_string());
            }
            Step::RemoveDear(price) => {
                let filter = imagesearch_core::Filter::parse(&format!("int_attr>={price}"));
                shop.remove_matching(&filter.unwrap()).unwrap();
                model.retain(|row| row.2 < *price);
            }
            Step::Reset => {
                let removed = store.reset(None).unwrap();
                assert_eq!(removed.images, model.len());
                model.clear();
            }
            Step::Snapshot => {
                store.snapshot("it").unwrap();
                snapshot = Some(model.clone());
            }
            Step::Restore => match &snapshot {
                Some(old) => {
                    store.restore("it").unwrap();
                    model.clone_from(old);
                }
                None => assert!(store.restore("it").is_err()),
            },
            Step::Reopen => {
                if folder.is_some() {
                    store.close();
                    store = open(folder);
                }
            }
        }
        let shop = store.instance("shop").unwrap();
        let twin = open(None);
        let twin = twin.put_instance(InstanceSettings::new("twin"), NOW).unwrap();
        for (name, seed, price) in &model {
            twin.put(vec![NewImage { look: look(*seed), ..new(name, *price) }]).unwrap();
        }
        assert_eq!(seen(&shop), seen(&twin), "after {step:?}");
        assert_eq!(shop.bytes(), twin.bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn changes_do_what_the_model_does(steps in steps()) {
        let folder = tempfile::tempdir().unwrap();
        run(&steps, None);
        run(&steps, Some(folder.path()));
    }
}
