use imagesearch_core::{CategoryId, Parameters};

use super::*;
use imagesearch_similarity::synthetic;

fn image(product: &str, name: &str, price: i32) -> StoredImage {
    StoredImage {
        key: key(product, name),
        category: CategoryId::OTHER,
        attributes: Attributes::of(&Parameters::new().with("IntAttr", price)),
    }
}

fn key(product: &str, name: &str) -> ImageKey {
    ImageKey { product_id: product.to_owned(), pic_name: name.to_owned() }
}

fn look(seed: u64) -> Look {
    Look::of(&synthetic::picture(seed), None)
}

/// Holds four pictures of three products, each with the look of its number.
fn shop(capacity: u64) -> Instance {
    let settings = InstanceSettings::new("shop").capacity(capacity);
    let shop = Instance::new(settings, Timestamp::from_millisecond(0));
    for (seed, (product, name)) in (0..).zip([("1", "a"), ("1", "b"), ("10", "a"), ("2", "a")]) {
        let look = look(seed);
        shop.put(vec![(image(product, name, seed as i32), look)]).unwrap();
    }
    shop
}

#[test]
fn a_picture_of_the_same_key_replaces_the_first() {
    let shop = shop(4);
    let other = look(9);
    shop.put(vec![(image("1", "a", 9), other.clone())]).unwrap();
    assert_eq!(shop.len(), 4);
    assert_eq!(shop.described(&key("1", "a")), Some((image("1", "a", 9), other.clone())));
    let added = vec![(image("1", "a", 0), other.clone()), (image("3", "a", 0), other.clone())];
    assert_eq!(shop.put(added), Err(Full));
    assert_eq!(shop.described(&key("1", "a")), Some((image("1", "a", 9), other)));
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
        assert_eq!(shop.remove(product, name), expected, "{product} {name:?}");
        assert_eq!(shop.len(), 4 - expected.len());
        assert_eq!(shop.remove(product, name), Vec::<String>::new());
    }
}

#[test]
fn filters_select_and_remove() {
    let shop = shop(4);
    let dear = Filter::parse("int_attr >= 2").unwrap();
    let names = |start, count| -> Vec<String> {
        let found = shop.matching(&dear, start, count).into_iter();
        found.map(|image| image.key.product_id).collect()
    };
    assert_eq!(names(0, 10), ["10", "2"]);
    assert_eq!(names(1, 10), ["2"]);
    assert_eq!(names(0, 1), ["10"]);
    assert_eq!(shop.remove_matching(&dear).len(), 2);
    assert_eq!(shop.len(), 2);
}

#[test]
fn a_removed_picture_is_not_found_any_more() {
    let shop = shop(4);
    let query = Query::of(&synthetic::picture(1), None);
    let first = || {
        shop.nearest(
            &query,
            |_| true,
            |ranked| ranked.first().map(|(image, hit)| (image.key.clone(), hit.cosine)),
        )
    };
    assert_eq!(first(), Some((key("1", "b"), 1.0)));
    shop.remove("1", Some("b"));
    assert!(first().is_some_and(|(key, cosine)| key.pic_name == "a" && cosine < 1.0));
    shop.put(vec![(image("1", "b", 1), query.plain.clone())]).unwrap();
    assert_eq!(first(), Some((key("1", "b"), 1.0)));
}
