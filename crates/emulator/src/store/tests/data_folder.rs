//! What stays in a folder, and which folders are refused.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::tasks::{Job, Progress};
use super::*;

fn durable(folder: &Path) -> Store {
    Store::open(&options(folder)).unwrap()
}

fn options(folder: &Path) -> StoreOptions {
    let data = Some(folder.to_owned());
    StoreOptions { keep_images: true, data, ..StoreOptions::default() }
}

/// Closes a store and opens its folder again.
fn reopened(store: Store, folder: &Path) -> Store {
    store.close();
    // Another may be opened while parts of the first are still about.
    let next = durable(folder);
    drop(store);
    next
}

fn refused(folder: &Path) -> String {
    Store::open(&options(folder)).unwrap_err().to_string()
}

#[test]
fn everything_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("a/b");
    let store = durable(&folder);
    let settings = InstanceSettings::new("shop").capacity(7).qps(3).region("cn-hangzhou");
    let shop = store.put_instance(settings.clone(), NOW).unwrap();
    store.put_instance(InstanceSettings::new("gone"), NOW).unwrap();
    let framed = synthetic::picture(3);
    let subject = imagesearch_similarity::Region { x1: 10, x2: 60, y1: 10, y2: 60 };
    let look = Look::of(&framed, Some(subject));
    assert!(look.subject.is_some());
    shop.put(vec![new("a", 1), NewImage { look, ..new("b", 2) }, new("c", 3)]).unwrap();
    shop.put(vec![new("a", 4)]).unwrap();
    shop.update("1", Some("b"), &new("b", 9).image.attributes).unwrap();
    shop.remove("1", Some("c")).unwrap();
    store.remove_instance("gone").unwrap();
    let expected = ["a", "b"].map(|name| shop.described(&key(name)));
    let bytes = store.bytes();

    let store = reopened(store, &folder);
    let shop = store.instance("shop").unwrap();
    assert_eq!((&shop.settings, shop.created, store.instances().len()), (&settings, NOW, 1));
    assert_eq!(names(&shop), ["a", "b"]);
    assert_eq!(["a", "b"].map(|name| shop.described(&key(name))), expected);
    assert_eq!(shop.picture(&key("a")).unwrap().map(|bytes| bytes.len()), Some(100));
    assert_eq!(shop.picture(&key("c")).unwrap(), None);
    assert_eq!(["a", "c"].map(|name| shop.has_picture(&key(name)).unwrap()), [true, false]);
    assert_eq!(store.bytes(), bytes);
    // Numbers go on, so that the order of addition does as well.
    shop.put(vec![new("d", 5)]).unwrap();
    let shop = reopened(store, &folder).instance("shop").unwrap();
    assert_eq!(names(&shop), ["a", "b", "d"]);
}

#[test]
fn snapshots_stay_and_come_back_with_their_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let store = durable(folder.path());
    let shop = store.put_instance(InstanceSettings::new("shop"), NOW).unwrap();
    shop.put(vec![new("a", 1), new("b", 2)]).unwrap();
    store.snapshot("two").unwrap();
    store.reset(None).unwrap();
    store.snapshot("none").unwrap();

    let store = reopened(store, folder.path());
    assert_eq!(store.snapshots().unwrap(), ["none", "two"]);
    assert_eq!(store.instance("shop").unwrap().len(), 0);
    store.restore("two").unwrap();
    let store = reopened(store, folder.path());
    let shop = store.instance("shop").unwrap();
    assert_eq!(names(&shop), ["a", "b"]);
    assert!(shop.picture(&key("b")).unwrap().is_some());
    store.remove_snapshot("two").unwrap();
    let missing = Err(StoreError::NoSnapshot { name: "two".to_owned() });
    assert_eq!(store.restore("two"), missing);
    assert_eq!(store.remove_snapshot("two"), missing);
}

#[test]
fn a_folder_of_others_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
    let reason = refused(folder.path());
    assert!(reason.contains("not an emulator's"), "{reason}");
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(files.len(), 1, "{files:?}");
    fs::remove_file(folder.path().join("thesis.txt")).unwrap();
    // A new volume has this folder, and a start that was cut short leaves the others.
    for harmless in ["lost+found", "snapshots"] {
        fs::create_dir(folder.path().join(harmless)).unwrap();
    }
    for harmless in ["lock", ".imagesearch-x", "snapshots/.imagesearch-x"] {
        fs::write(folder.path().join(harmless), "").unwrap();
    }
    durable(folder.path());
    assert!(!folder.path().join(".imagesearch-x").exists());
    assert!(!folder.path().join("snapshots/.imagesearch-x").exists());
    // Once it is ours, other files in it are no concern of ours.
    fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
    durable(folder.path());
    assert!(folder.path().join("thesis.txt").exists());
}

#[test]
fn a_folder_in_use_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = durable(folder.path());
    let reason = refused(folder.path());
    let id = std::process::id().to_string();
    for part in [&id, "stop it", &*folder.path().display().to_string()] {
        assert!(reason.contains(part), "no {part} in {reason}");
    }
    store.close();
    durable(folder.path());
}

#[test]
fn other_formats_and_damage_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(durable(folder.path()));
    let marker = folder.path().join("imagesearch-emulator.json");
    let good = fs::read(&marker).unwrap();
    for (text, part) in [(r#"{"format":2}"#, "format 2"), ("{", "cannot be read"), ("", "read")] {
        fs::write(&marker, text).unwrap();
        let reason = refused(folder.path());
        assert!(reason.contains(part), "{text}: {reason}");
    }
    fs::write(&marker, good).unwrap();
    fs::write(folder.path().join("store.redb"), "no database").unwrap();
    let reason = refused(folder.path());
    assert!(reason.contains("store.redb"), "{reason}");
    // Nor is it taken for what a first start has left that was cut short.
    fs::remove_file(&marker).unwrap();
    let reason = refused(folder.path());
    assert!(reason.contains("store.redb"), "{reason}");
    assert_eq!(fs::read(folder.path().join("store.redb")).unwrap(), b"no database");
    assert!(!marker.exists());
}

#[test]
fn a_store_that_is_gone_is_not_replaced_by_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = durable(folder.path());
    store.put_instance(InstanceSettings::new("shop"), NOW).unwrap();
    store.close();
    drop(store);
    let (file, elsewhere) = (folder.path().join("store.redb"), folder.path().join("elsewhere"));
    fs::rename(&file, &elsewhere).unwrap();
    let reason = refused(folder.path());
    assert!(reason.contains("store.redb is gone"), "{reason}");
    #[cfg(unix)]
    {
        let link = |to: &str| std::os::unix::fs::symlink(to, &file).unwrap();
        link("nowhere");
        let reason = refused(folder.path());
        assert!(reason.contains("store.redb is gone"), "{reason}");
        fs::remove_file(&file).unwrap();
        link("store.redb");
        let reason = refused(folder.path());
        assert!(reason.contains("store.redb: "), "{reason}");
        fs::remove_file(&file).unwrap();
    }
    fs::rename(&elsewhere, &file).unwrap();
    // The store comes first, so that a start may end before the marker is there.
    fs::remove_file(folder.path().join("imagesearch-emulator.json")).unwrap();
    for _ in 0..2 {
        assert!(durable(folder.path()).instance("shop").is_some());
    }
    assert!(folder.path().join("imagesearch-emulator.json").exists());
}

#[test]
fn a_reset_clears_all_instances_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = durable(folder.path());
    for name in ["shop", "other"] {
        let instance = store.put_instance(InstanceSettings::new(name), NOW).unwrap();
        instance.put(vec![new("a", 1), new("b", 2)]).unwrap();
    }
    assert_eq!(store.reset(Some("other")).map(|removed| removed.images), Ok(2));
    let store = reopened(store, folder.path());
    let lengths = |store: &Store| -> Vec<usize> {
        store.instances().iter().map(|instance| instance.len()).collect()
    };
    assert_eq!(lengths(&store), [0, 2]);
    store.instance("other").unwrap().put(vec![new("a", 1)]).unwrap();
    assert_eq!(store.reset(None).map(|removed| removed.images), Ok(3));
    let store = reopened(store, folder.path());
    assert_eq!((lengths(&store), store.bytes()), (vec![0, 0], 0));
    store.close();
    store.reset(None).unwrap_err();
}

#[test]
fn more_than_fits_into_memory_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = durable(folder.path());
    let shop = store.put_instance(InstanceSettings::new("shop"), NOW).unwrap();
    shop.put(vec![new("a", 1)]).unwrap();
    store.close();
    let small = StoreOptions { max_memory: 1000, ..options(folder.path()) };
    let reason = Store::open(&small).unwrap_err().to_string();
    assert!(reason.contains("more than the 1000"), "{reason}");
}

#[test]
fn a_closed_store_takes_no_changes() {
    let folder = tempfile::tempdir().unwrap();
    let store = durable(folder.path());
    let shop = store.put_instance(InstanceSettings::new("shop"), NOW).unwrap();
    store.close();
    let refused = shop.put(vec![new("a", 1)]).unwrap_err();
    assert!(matches!(refused, StoreError::Data { .. }), "{refused}");
    assert_eq!((shop.len(), store.bytes()), (0, 0));
}

#[test]
fn tasks_stay_and_one_that_was_running_has_failed() {
    let folder = tempfile::tempdir().unwrap();
    let store = durable(folder.path());
    let shop = store.put_instance(InstanceSettings::new("shop"), NOW).unwrap();
    let first = shop.start_task(Job::DumpMeta, NOW).unwrap().unwrap();
    let ended = shop.tasks.end(first.id, Progress::Succeeded, NOW).unwrap();
    shop.keep_task(&ended).unwrap();
    let second = shop.start_task(Job::DumpMeta, NOW).unwrap().unwrap();
    let gone = store.put_instance(InstanceSettings::new("gone"), NOW).unwrap();
    gone.start_task(Job::DumpMeta, NOW).unwrap().unwrap();
    store.snapshot("before").unwrap();
    store.remove_instance("gone").unwrap();
    assert!(gone.keep_task(&first).is_err());
    store.put_instance(InstanceSettings::new("gone"), NOW).unwrap();

    let store = reopened(store, folder.path());
    let tasks =
        |store: &Store, name: &str| store.instance(name).unwrap().tasks.page(|_| true, 0, 9).0;
    let listed = tasks(&store, "shop");
    assert_eq!(listed[1], ended);
    assert!(matches!(listed[0].progress, Progress::Failed { .. }), "{listed:?}");
    assert_eq!(tasks(&store, "gone"), []);
    // They are not part of a snapshot, and go as the oldest do.
    store.instance("shop").unwrap().forget_task(second.id).unwrap();
    store.restore("before").unwrap();
    let store = reopened(store, folder.path());
    assert_eq!(tasks(&store, "shop"), [ended]);
}

#[test]
fn a_task_that_cannot_be_stored_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = durable(folder.path());
    let shop = store.put_instance(InstanceSettings::new("shop"), NOW).unwrap();
    store.close();
    assert!(shop.start_task(Job::DumpMeta, NOW).is_err());
    assert_eq!(shop.tasks.page(|_| true, 0, 9).0, []);
}

/// How long a start with 100,000 pictures may take where the build is optimised.
const MOST_TIME: Duration = Duration::from_secs(2);

/// Measures rather than tests: `cargo xtask load` runs it in a release build and shows what it prints.
#[test]
#[ignore = "measures the start with 100,000 pictures; run by `cargo xtask load`"]
fn a_large_folder_is_loaded() {
    const IMAGES: usize = 100_000;
    let folder = tempfile::tempdir().unwrap();
    let options = StoreOptions { keep_images: false, ..options(folder.path()) };
    let store = Store::open(&options).unwrap();
    let shop = store.put_instance(InstanceSettings::new("shop"), NOW).unwrap();
    for start in (0..IMAGES).step_by(1_000) {
        let batch = (start..start + 1_000).map(|name| {
            let mut image = new(&name.to_string(), (name % 10) as i32);
            image.image.attributes.custom_content = Some(format!("size:{},colour:red", name % 50));
            image
        });
        shop.put(batch.collect()).unwrap();
    }
    store.close();
    drop((shop, store));
    let files = fs::read_dir(folder.path()).unwrap();
    let bytes: u64 = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    let started = std::time::Instant::now();
    let store = Store::open(&options).unwrap();
    let elapsed = started.elapsed();
    assert_eq!(store.instance("shop").unwrap().len(), IMAGES);
    println!(
        "{IMAGES} pictures loaded in {} ms, from {} bytes of files a picture",
        elapsed.as_millis(),
        bytes / IMAGES as u64,
    );
    assert!(cfg!(debug_assertions) || elapsed <= MOST_TIME, "at most {MOST_TIME:?}");
}
