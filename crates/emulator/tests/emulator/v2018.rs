//! The operations of 2018-01-20 over the wire.

use imagesearch_emulator::{Emulator, InstanceSettings};
use serde_json::{Value, json};

use crate::pictures::png;
use crate::roa::{RoaCall, caret, with_pictures};
use crate::wire::start;

fn call(emulator: &Emulator, path: &str, body: Vec<u8>) -> Value {
    let answer = RoaCall::v2018(path, body).sign(emulator).send(emulator);
    assert_eq!(answer.status, 200, "{answer:?}");
    let json = answer.json();
    assert_eq!((&json["Success"], &json["Code"]), (&json!(true), &json!(0)));
    assert_eq!(json["RequestId"].as_str(), answer.headers.get("x-acs-request-id").map(|it| &**it));
    json
}

/// Starts an emulator with an item of two pictures and one of one.
fn filled() -> Emulator {
    let emulator = start(Emulator::builder());
    let fields = [
        ("cust_content", r#"{"key1":"value1"}^#,"#),
        ("item_id", "1000"),
        ("cat_id", "3"),
        ("int_attr", "7"),
        ("str_attr", "red"),
    ];
    let pictures = [("shoes1.jpg", png(1)), ("红.jpg", png(2))];
    let added = call(&emulator, "/item/add", with_pictures(&fields, &pictures));
    assert_eq!(added["Message"], "success");
    let fields = [("item_id", "1001"), ("cat_id", ""), ("cust_content", "")];
    call(&emulator, "/item/add", with_pictures(&fields, &[("cup.png", png(3))]));
    emulator
}

fn search(emulator: &Emulator, fields: &[(&str, &str)], seed: u64) -> Value {
    call(emulator, "/item/search", with_pictures(fields, &[("searchPic", png(seed))]))
}

/// Lists what a search finds as `item/picture`.
fn names(found: &Value) -> Vec<String> {
    let rows = found["Auctions"]["Auction"].as_array().unwrap().iter();
    let part = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.map(|row| format!("{}/{}", part(row, "ItemId"), part(row, "PicName"))).collect()
}

#[test]
fn a_search_answers_with_nested_lists_of_texts() {
    let found = search(&filled(), &[("s", "0"), ("n", "10")], 2);
    let best = &found["Auctions"]["Auction"][0];
    assert_eq!(best["ItemId"], "1000");
    assert_eq!(best["PicName"], "红.jpg");
    assert_eq!(best["CatId"], "3");
    assert_eq!(best["CustContent"], r#"{"key1":"value1"}^#,"#);
    assert!(best["SortExprValues"].as_str().unwrap().ends_with(";0"));
    assert_eq!(found["Head"]["DocsFound"], 3);
    assert_eq!(found["Head"]["DocsReturn"], 3);
    assert_eq!(found["PicInfo"]["Category"], "3", "predicted");
    assert!(found["PicInfo"]["Region"].as_str().unwrap().split(',').count() == 4);
    let all = found["PicInfo"]["AllCategory"]["Category"].as_array().unwrap();
    assert!(all.len() > 5 && all.iter().all(|it| it["Id"].is_string() && it["Name"].is_string()));
    for newer in ["Score", "IntAttr", "ProductId"] {
        assert!(best.get(newer).is_none(), "{newer}");
    }
}

#[test]
fn searches_page_and_narrow() {
    let emulator = filled();
    for (fields, expected) in [
        (&[("n", "1")][..], &["1000/shoes1.jpg"][..]),
        (&[("s", "3")], &[]),
        (&[("cat_id", "88888888")], &["1001/cup.png"]),
        (&[("cat_id", "4")], &[]),
        (&[("n", "1"), ("filter", r#"int_attr>=7 AND str_attr="red""#)], &["1000/shoes1.jpg"]),
        (&[("filter", "int_attr>7")], &[]),
        (&[("n", "1"), ("crop", "false")], &["1000/shoes1.jpg"]),
    ] {
        let found = search(&emulator, fields, 1);
        assert_eq!(names(&found), expected, "{fields:?}");
    }
}

#[test]
fn adding_again_replaces() {
    let emulator = filled();
    let fields = [("item_id", "1000"), ("cat_id", "4"), ("cust_content", "new")];
    call(&emulator, "/item/add", with_pictures(&fields, &[("shoes1.jpg", png(9))]));
    let found = search(&emulator, &[], 9);
    assert_eq!(names(&found)[0], "1000/shoes1.jpg");
    assert_eq!(found["Auctions"]["Auction"][0]["CustContent"], "new");
    assert_eq!(found["Head"]["DocsFound"], 3);
}

#[test]
fn deleting_takes_the_listed_pictures_or_the_whole_item() {
    for (body, left) in [
        (caret(&[("item_id", "1000"), ("pic_list", "")]), 1),
        (caret(&[("item_id", "1000")]), 1),
        (caret(&[("pic_list", "c2hvZXMxLmpwZw=="), ("item_id", "1000")]), 2),
        (caret(&[("item_id", "1000"), ("pic_list", "c2hvZXMxLmpwZw==,57qiLmpwZw==")]), 1),
        (caret(&[("item_id", "1000"), ("pic_list", "bm9uZQ==")]), 3),
        (caret(&[("item_id", "100"), ("pic_list", "")]), 3),
    ] {
        let emulator = filled();
        call(&emulator, "/item/delete", body.clone());
        let found = search(&emulator, &[], 1);
        let shown = String::from_utf8_lossy(&body);
        assert_eq!(names(&found).len(), left, "{shown}");
    }
}

#[test]
fn an_item_that_does_not_fit_is_not_stored_in_part() {
    let settings = InstanceSettings::new("demo").capacity(2);
    let emulator = start(Emulator::builder().instance(settings));
    let add = |pictures: &[(&str, Vec<u8>)]| {
        let body = with_pictures(&[("item_id", "1")], pictures);
        let answer = RoaCall::v2018("/item/add", body).sign(&emulator).send(&emulator);
        if answer.status == 200 { String::new() } else { answer.error().1 }
    };
    let three = [("a", png(1)), ("b", png(2)), ("c", png(3))];
    assert_eq!(add(&three), "InstanceOverQuota");
    assert_eq!(add(&[("a", png(1)), ("b", b"GIF89a".to_vec())]), "UnsupportedPicFormat");
    assert_eq!(names(&search(&emulator, &[], 1)), Vec::<String>::new());
    assert_eq!(add(&three[..2]), "");
    assert_eq!(add(&three[1..]), "InstanceOverQuota");
    assert_eq!(names(&search(&emulator, &[], 2)), ["1/b", "1/a"]);
}
