use imagesearch_core::values::CategoryId;

use super::*;
use crate::store::{Store, StoreOptions};
use imagesearch_similarity::synthetic;

fn image(product: &str, name: &str, price: i32) -> StoredImage {
    StoredImage {
        key: key(product, name),
        category: CategoryId::OTHER,
        region: None,
        attributes: Attributes {
            integers: [Some(price), None, None, None],
            ..Attributes::default()
        },
    }
}

fn key(product: &str, name: &str) -> ImageKey {
    ImageKey { product_id: product.to_owned(), pic_name: name.to_owned() }
}

fn look(seed: u64) -> Look {
    Look::of(&synthetic::picture(seed), None)
}

fn new(image: StoredImage, look: Look) -> NewImage {
    NewImage { image, look, picture: None }
}

/// Holds four pictures of three products, each with the look of its number.
fn shop(capacity: u64) -> Arc<Instance> {
    let settings = InstanceSettings::new("shop").capacity(capacity);
    let store = Store::open(&StoreOptions::default()).unwrap();
    let shop = store.put_instance(settings, Timestamp::from_millisecond(0)).unwrap();
    for (seed, (product, name)) in (0..).zip([("1", "a"), ("1", "b"), ("10", "a"), ("2", "a")]) {
        shop.put(vec![new(image(product, name, seed as i32), look(seed))]).unwrap();
    }
    shop
}

#[test]
fn a_picture_of_the_same_key_replaces_the_first() {
    let shop = shop(4);
    let other = look(9);
    shop.put(vec![new(image("1", "a", 9), other.clone())]).unwrap();
    assert_eq!(shop.len(), 4);
    let replaced = Some((Arc::new(image("1", "a", 9)), other.clone()));
    assert_eq!(shop.described(&key("1", "a")), replaced);
    let added = [image("1", "a", 0), image("3", "a", 0)].map(|image| new(image, other.clone()));
    assert_eq!(shop.put(added.into()), Err(StoreError::Full));
    assert_eq!(shop.described(&key("1", "a")), replaced);
    assert!(!shop.has_room_for([&key("3", "a")]) && shop.has_room_for([&key("2", "a")]));
    assert!(!shop.has_room_for([&key("2", "a"), &key("3", "a")]));
}

#[test]
fn a_product_is_removed_without_those_whose_ids_start_like_it() {
    for (product, name, expected) in [
        ("1", None, vec!["a", "b"]),
        ("1", Some("b"), vec!["b"]),
        ("1", Some("c"), vec![]),
        ("", None, vec![]),
        ("2", None, vec!["a"]),
    ] {
        let shop = shop(4);
        assert_eq!(shop.remove(product, name).unwrap(), expected, "{product} {name:?}");
        assert_eq!(shop.len(), 4 - expected.len());
        assert_eq!(shop.remove(product, name).unwrap(), Vec::<String>::new());
    }
}

#[test]
fn filters_select_and_remove() {
    let shop = shop(4);
    let dear = Filter::parse("int_attr >= 2").unwrap();
    let names = |start, count| -> Vec<String> {
        let found = shop.matching(&dear, start, count).into_iter();
        found.map(|image| image.key.product_id.clone()).collect()
    };
    assert_eq!(names(0, 10), ["10", "2"]);
    assert_eq!(names(1, 10), ["2"]);
    assert_eq!(names(0, 1), ["10"]);
    assert_eq!(shop.remove_matching(&dear).unwrap().len(), 2);
    assert_eq!(shop.len(), 2);
}

#[test]
fn a_removed_picture_is_not_found_any_more() {
    let shop = shop(4);
    let query = Query::of(&synthetic::picture(1), None);
    let first = || {
        let nearest = shop.nearest(&query, 1, 0.0, 1, None);
        nearest.images.first().map(|(image, hit)| (image.key.clone(), hit.cosine))
    };
    assert_eq!(first(), Some((key("1", "b"), 1.0)));
    shop.remove("1", Some("b")).unwrap();
    assert!(first().is_some_and(|(key, cosine)| key.pic_name == "a" && cosine < 1.0));
    shop.put(vec![new(image("1", "b", 1), query.plain.clone())]).unwrap();
    assert_eq!(first(), Some((key("1", "b"), 1.0)));
}

#[test]
fn a_search_counts_all_that_is_kept_and_lists_what_is_asked_for() {
    let shop = shop(4);
    let query = Query::of(&synthetic::picture(1), None);
    let of_first = |image: &StoredImage| image.key.product_id == "1";
    let found = |count, least_score, keep: Option<&dyn Fn(&StoredImage) -> bool>| {
        let nearest = shop.nearest(&query, count, least_score, 1, keep);
        let names = nearest.images.iter();
        let names: Vec<_> = names
            .map(|(image, _)| format!("{}{}", image.key.product_id, image.key.pic_name))
            .collect();
        (names.join(" "), nearest.total)
    };
    assert_eq!(found(1, 0.0, None), ("1b".to_owned(), 4));
    assert_eq!(found(9, 0.0, Some(&of_first)), ("1b 1a".to_owned(), 2));
    assert_eq!(found(9, 0.99, None), ("1b".to_owned(), 1));
    assert_eq!(found(0, 0.0, Some(&of_first)), (String::new(), 2));
    assert_eq!(found(9, 0.0, Some(&|_| false)), (String::new(), 0));
}

#[test]
fn one_key_twice_is_one_picture() {
    let shop = shop(5);
    let twice = [8, 9].map(|price| new(image("3", "a", price), look(price as u64)));
    shop.put(twice.into()).unwrap();
    assert_eq!(shop.len(), 5);
    let stored = shop.described(&key("3", "a"));
    assert_eq!(stored, Some((Arc::new(image("3", "a", 9)), look(9))));
}

#[test]
fn pages_are_in_the_order_of_addition_and_know_how_many_there_are() {
    let shop = shop(4);
    let names = |start, count| {
        let (page, total) = shop.page(None, start, count);
        (page.iter().map(|image| image.key.product_id.clone()).collect::<Vec<_>>(), total)
    };
    shop.put(vec![new(image("1", "a", 7), look(7))]).unwrap();
    assert_eq!(names(0, 3), (vec!["1".to_owned(), "1".to_owned(), "10".to_owned()], 4));
    assert_eq!(names(3, 3), (vec!["2".to_owned()], 4));
    assert_eq!(names(4, 3), (vec![], 4));
    let filter = Filter::parse("int_attr>=2").unwrap();
    let prices = |start, count| {
        let (page, total) = shop.page(Some(&filter), start, count);
        (page.iter().map(|image| image.attributes.integers[0].unwrap()).collect::<Vec<_>>(), total)
    };
    assert_eq!(prices(0, 9), (vec![7, 2, 3], 3));
    assert_eq!(prices(1, 1), (vec![2], 3));
    assert_eq!(prices(3, 9), (vec![], 3));
}
