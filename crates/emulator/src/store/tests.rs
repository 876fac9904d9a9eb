mod data_folder;
mod model;

use std::sync::{Barrier, LazyLock};

use bytes::Bytes;
use imagesearch_core::values::CategoryId;
use imagesearch_similarity::{Look, synthetic};

use super::*;

const NOW: Timestamp = Timestamp::from_millisecond(1_000);

fn key(name: &str) -> ImageKey {
    ImageKey { product_id: "1".to_owned(), pic_name: name.to_owned() }
}

/// Describes one of ten pictures. That takes long, so each is described once.
fn look(seed: usize) -> Look {
    static LOOKS: LazyLock<[Look; 10]> = LazyLock::new(|| {
        std::array::from_fn(|seed| Look::of(&synthetic::picture(seed as u64), None))
    });
    LOOKS[seed].clone()
}

fn new(name: &str, price: i32) -> NewImage {
    let integers = [Some(price), None, None, None];
    let attributes = Attributes { integers, ..Attributes::default() };
    NewImage {
        image: StoredImage {
            key: key(name),
            category: CategoryId::OTHER,
            region: None,
            attributes,
        },
        look: look(price as usize),
        picture: Some(Bytes::from(vec![0; 100])),
    }
}

fn store(options: &StoreOptions) -> (Store, Arc<Instance>) {
    let store = Store::open(options).unwrap();
    let shop = store.put_instance(InstanceSettings::new("shop"), NOW).unwrap();
    (store, shop)
}

fn names(instance: &Instance) -> Vec<String> {
    let (images, _) = instance.page(None, 0, usize::MAX);
    images.iter().map(|image| image.key.pic_name.clone()).collect()
}

#[test]
fn other_settings_keep_pictures_and_the_time_of_creation() {
    let (store, shop) = store(&StoreOptions::default());
    shop.put(vec![new("a", 1)]).unwrap();
    let later = Timestamp::from_millisecond(5_000);
    let small = store.put_instance(InstanceSettings::new("shop").capacity(1), later).unwrap();
    assert_eq!((small.len(), small.created, small.settings.capacity), (1, NOW, 1));
    assert_eq!(small.put(vec![new("b", 2)]), Err(StoreError::Full));
    // A call that began before has the old settings, and the same pictures.
    shop.put(vec![new("b", 2)]).unwrap();
    assert_eq!(names(&small), ["a", "b"]);
    assert_eq!(store.instances().len(), 1);
}

#[test]
fn a_removed_instance_takes_nothing_any_more() {
    let (store, shop) = store(&StoreOptions::default());
    shop.put(vec![new("a", 1)]).unwrap();
    assert_eq!(store.remove_instance("shop"), Ok(Removed { images: 1, ..Removed::default() }));
    let missing = StoreError::NoInstance { name: "shop".to_owned() };
    assert_eq!(shop.put(vec![new("b", 2)]), Err(missing.clone()));
    assert_eq!(store.remove_instance("shop"), Err(missing.clone()));
    assert_eq!(store.reset(Some("shop")), Err(missing));
    assert_eq!((store.instances().len(), store.bytes()), (0, 0));
}

#[test]
fn a_reset_removes_pictures_of_one_instance_or_all() {
    let (store, shop) = store(&StoreOptions::default());
    let other = store.put_instance(InstanceSettings::new("other"), NOW).unwrap();
    for instance in [&shop, &other] {
        instance.put(vec![new("a", 1), new("b", 2)]).unwrap();
    }
    assert_eq!(store.reset(Some("shop")), Ok(Removed { images: 2, ..Removed::default() }));
    assert_eq!((shop.len(), other.len()), (0, 2));
    shop.put(vec![new("c", 3)]).unwrap();
    assert_eq!(store.reset(None), Ok(Removed { images: 3, ..Removed::default() }));
    assert_eq!((store.instances().len(), store.bytes()), (2, 0));
}

#[test]
fn a_reset_does_not_stumble_over_an_instance_that_goes_meanwhile() {
    let (store, shop) = store(&StoreOptions::default());
    for _ in 0..100 {
        shop.put(vec![new("a", 1)]).unwrap();
        let passing = store.put_instance(InstanceSettings::new("passing"), NOW).unwrap();
        let begins = Barrier::new(2);
        std::thread::scope(|scope| {
            // The reset waits for this writer, which removes the instance.
            let writer = store.storage.writer();
            let reset = scope.spawn(|| {
                begins.wait();
                store.reset(None)
            });
            begins.wait();
            std::thread::yield_now();
            store.write().remove("passing");
            passing.set_removed();
            drop(writer);
            assert_eq!(reset.join().unwrap().map(|removed| removed.images), Ok(1));
        });
    }
    assert_eq!((shop.len(), store.bytes()), (0, 0));
}

#[test]
fn several_pictures_are_removed_in_one_step() {
    let (store, shop) = store(&StoreOptions::default());
    shop.put(vec![new("a", 1), new("b", 2), new("c", 3)]).unwrap();
    let one = store.bytes() / 3;
    assert_eq!(shop.remove_named("1", ["c", "none", "a", "c"]), Ok(vec!["a".into(), "c".into()]));
    assert_eq!((names(&shop), store.bytes()), (vec!["b".to_owned()], one));
    // A picture that one change adds twice is there once, and counted once.
    shop.put(vec![new("d", 4), new("d", 5)]).unwrap();
    assert_eq!(store.bytes(), 2 * one);
}

#[test]
fn a_snapshot_brings_everything_back() {
    let (store, shop) = store(&StoreOptions::default());
    shop.put(vec![new("a", 1), new("b", 2)]).unwrap();
    store.snapshot("before").unwrap();
    let described = shop.described(&key("b"));
    shop.update("1", Some("b"), &new("b", 9).image.attributes).unwrap();
    shop.remove("1", Some("a")).unwrap();
    store.put_instance(InstanceSettings::new("shop").capacity(1), NOW).unwrap();
    let other = store.put_instance(InstanceSettings::new("other"), NOW).unwrap();
    store.restore("before").unwrap();
    let restored = store.instance("shop").unwrap();
    assert_eq!(names(&restored), ["a", "b"]);
    assert_eq!(restored.described(&key("b")), described);
    assert_eq!(restored.settings.capacity, 100_000);
    assert!(store.instance("other").is_none());
    assert!(other.put(vec![new("a", 1)]).is_err());
    // Calls that began before, and those that begin now, change the same pictures, not the snapshot.
    shop.remove("1", None).unwrap();
    assert_eq!(restored.len(), 0);
    store.restore("before").unwrap();
    assert_eq!(names(&shop), ["a", "b"]);
}

#[test]
fn snapshots_have_names_that_files_can_have() {
    let (store, _shop) = store(&StoreOptions::default());
    let long = "x".repeat(65);
    for name in ["", ".", "..", ".a", "a/b", "a\\b", "ä", "a b", &long] {
        assert_eq!(store.snapshot(name), Err(StoreError::SnapshotName { name: name.to_owned() }));
    }
    for name in ["a", "A-1_b.c", &long[1..]] {
        store.snapshot(name).unwrap();
    }
    assert_eq!(store.snapshots().unwrap(), ["A-1_b.c", "a", &long[1..]]);
    store.remove_snapshot("a").unwrap();
    let missing = Err(StoreError::NoSnapshot { name: "a".to_owned() });
    assert_eq!(store.restore("a"), missing);
    assert_eq!(store.remove_snapshot("a"), missing);
}

#[test]
fn pictures_are_kept_only_where_wanted() {
    for keep_images in [false, true] {
        let (_store, shop) = store(&StoreOptions { keep_images, ..StoreOptions::default() });
        shop.put(vec![new("a", 1)]).unwrap();
        let bytes = shop.picture(&key("a")).unwrap().map(|bytes| bytes.len());
        assert_eq!(bytes, keep_images.then_some(100));
        assert_eq!(shop.has_picture(&key("a")).unwrap(), keep_images);
        assert_eq!(shop.picture(&key("b")), Ok(None));
    }
}

#[test]
fn memory_is_limited_and_counted_back() {
    let (measure, one) = store(&StoreOptions::default());
    one.put(vec![new("a", 1)]).unwrap();
    let each = measure.bytes();
    let (store, shop) = store(&StoreOptions { max_memory: 3 * each, ..StoreOptions::default() });
    shop.put(vec![new("a", 1)]).unwrap();
    store.snapshot("one").unwrap();
    shop.put(vec![new("b", 2)]).unwrap();
    let full = StoreError::OutOfMemory { most: 3 * each };
    assert_eq!(shop.put(vec![new("c", 3)]), Err(full.clone()));
    // Both or none: the first of the two alone would only be replaced.
    assert_eq!(shop.put(vec![new("a", 7), new("c", 3)]), Err(full.clone()));
    assert_eq!(shop.get(&key("a")).unwrap().attributes, new("a", 1).image.attributes);
    assert_eq!(store.snapshot("two"), Err(full.clone()));
    shop.put(vec![new("b", 8)]).unwrap();
    let long = "x".repeat(each as usize);
    let long = Attributes { custom_content: Some(long), ..Attributes::default() };
    assert_eq!(shop.update("1", Some("a"), &long), Err(full));
    shop.remove("1", Some("b")).unwrap();
    assert_eq!(store.bytes(), 2 * each);
    store.restore("one").unwrap();
    assert_eq!(store.bytes(), 2 * each);
    store.remove_snapshot("one").unwrap();
    shop.put(vec![new("b", 2), new("c", 3)]).unwrap();
    shop.remove("1", None).unwrap();
    assert_eq!(store.bytes(), 0);
}
