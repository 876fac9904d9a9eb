//! The operations of 2019-03-25 over the wire, and what all generations see of one another.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_emulator::Emulator;
use serde_json::{Value, json};

use crate::pictures::png;
use crate::roa::{RoaCall, caret, with_pictures};
use crate::wire::{Answer, Unsigned, start};

fn send(emulator: &Emulator, path: &str, form: &[(&str, &str)]) -> Answer {
    RoaCall::v2019(path, form).sign(emulator).send(emulator)
}

fn call(emulator: &Emulator, path: &str, form: &[(&str, &str)]) -> Value {
    let answer = send(emulator, path, form);
    assert_eq!(answer.status, 200, "{answer:?}");
    let json = answer.json();
    assert_eq!((&json["Success"], &json["Code"]), (&json!(true), &json!(0)));
    json
}

fn base64(seed: u64) -> String {
    STANDARD.encode(png(seed))
}

/// Starts an emulator with two pictures of one product.
fn filled() -> Emulator {
    let emulator = start(Emulator::builder());
    for (seed, name) in [(1, "front"), (2, "back & 红")] {
        let added = call(
            &emulator,
            "/v2/image/add",
            &[
                ("ProductId", "shirt"),
                ("PicName", name),
                ("PicContent", &base64(seed)),
                ("CategoryId", "0"),
                ("CustomContent", "k1=v1&k2"),
                ("IntAttr", &seed.to_string()),
                ("StrAttr", name),
            ],
        );
        assert_eq!(added["Message"], "success");
        assert_eq!(added["PicInfo"]["CategoryId"], 0);
        assert!(added["PicInfo"]["Region"].is_string());
        assert!(added["PicInfo"].get("AllCategories").is_none());
    }
    emulator
}

fn names(found: &Value) -> Vec<&str> {
    let rows = found["Auctions"].as_array().unwrap().iter();
    rows.map(|row| row["PicName"].as_str().unwrap()).collect()
}

#[test]
fn both_types_of_search_find_what_was_added() {
    let emulator = filled();
    let picture = base64(2);
    let by_pic = [("PicContent", picture.as_str())];
    let by_pic_explicitly = [("PicContent", picture.as_str()), ("Type", "SearchByPic")];
    let by_name = [("Type", "SearchByName"), ("ProductId", "shirt"), ("PicName", "back & 红")];
    for form in [&by_pic[..], &by_pic_explicitly, &by_name] {
        let found = call(&emulator, "/v2/image/search", form);
        assert_eq!(names(&found), ["back & 红", "front"]);
        let best = &found["Auctions"][0];
        assert_eq!(best["ProductId"], "shirt");
        assert_eq!(best["CategoryId"], 0);
        assert_eq!(best["CustomContent"], "k1=v1&k2");
        assert_eq!((&best["IntAttr"], &best["StrAttr"]), (&json!(2), &json!("back & 红")));
        assert_eq!(best["Score"], 1.0);
        assert_eq!((&found["Msg"], &found["Head"]["DocsFound"]), (&json!("success"), &json!(2)));
        assert!(found["PicInfo"]["AllCategories"][0]["Id"].is_number());
    }
    for (name, value, expected) in [
        ("Num", "1", &["back & 红"][..]),
        ("Start", "1", &["front"]),
        ("Filter", "int_attr<2", &["front"]),
        ("CategoryId", "7", &[]),
    ] {
        let found =
            call(&emulator, "/v2/image/search", &[("PicContent", picture.as_str()), (name, value)]);
        assert_eq!(names(&found), expected, "{name}={value}");
    }
}

#[test]
fn deleting_takes_one_picture_or_the_whole_product() {
    let whole = [("ProductId", "shirt")];
    let one = [("ProductId", "shirt"), ("PicName", "front")];
    for (form, left) in [(&whole[..], &[][..]), (&one, &["back & 红"])] {
        let emulator = filled();
        let deleted = call(&emulator, "/v2/image/delete", form);
        assert_eq!(deleted["Message"], "success");
        let found = call(&emulator, "/v2/image/search", &[("PicContent", &base64(1))]);
        assert_eq!(names(&found), left);
    }
}

#[test]
fn mistakes_are_answered_with_their_codes() {
    let emulator = filled();
    let picture = base64(1);
    let picture = ("PicContent", picture.as_str());
    let (add, search) = ("/v2/image/add", "/v2/image/search");
    let (product, name) = (("ProductId", "p"), ("PicName", "n"));
    let by_name = ("Type", "SearchByName");
    for (path, form, code) in [
        (add, &[name, picture][..], "NoSpecifiedProductId"),
        (add, &[product, picture], "NoSpecifiedPicName"),
        (add, &[product, name], "NoSpecifiedPicContent"),
        (add, &[product, name, ("PicContent", "")], "NoSpecifiedPicContent"),
        (add, &[product, name, ("PicContent", "http://127.0.0.1/a")], "InvalidPicContent"),
        (add, &[product, name, ("PicContent", "AAAA")], "UnsupportedPicFormat"),
        (add, &[product, name, picture, ("Region", "0,9000,0,9000")], "BadRequest"),
        (add, &[product, name, picture, ("IntAttr", "x")], "InvalidIntAttr"),
        (search, &[], "NoSpecifiedPicContent"),
        (search, &[picture, ("Type", "Other")], "InvalidType"),
        (search, &[picture, ("Num", "0")], "InvalidNumParameter"),
        (search, &[picture, ("Start", "500")], "InvalidStartParameter"),
        (search, &[by_name, name], "NoSpecifiedProductId"),
        (search, &[by_name, product], "NoSpecifiedPicName"),
        (search, &[by_name, product, name], "PicNotExist"),
    ] {
        assert_eq!(send(&emulator, path, form).error(), (400, code.to_owned()), "{path} {code}");
    }
    let mut other = RoaCall::v2019("/v2/image/delete", &[product]);
    other.body = b"InstanceName=other&ProductId=p".to_vec();
    assert_eq!(other.sign(&emulator).send(&emulator).error().1, "InvalidInstance");
}

#[test]
fn all_generations_share_what_is_stored() {
    let emulator = filled();
    let fields = [("item_id", "cup"), ("cat_id", "7"), ("cust_content", "old"), ("int_attr", "5")];
    let item = with_pictures(&fields, &[("side.jpg", png(3))]);
    let added = RoaCall::v2018("/item/add", item).sign(&emulator).send(&emulator);
    assert_eq!(added.status, 200, "{added:?}");

    let picture = base64(3);
    let newest = [("InstanceName", "demo"), ("PicContent", picture.as_str())];
    let newest = |nonce| {
        let call = Unsigned::new("SearchImageByPic", &newest, nonce);
        call.acs3(&emulator).send(&emulator).json()
    };
    let middle = || call(&emulator, "/v2/image/search", &[("PicContent", &picture)]);
    for found in [newest("1"), middle()] {
        let best = &found["Auctions"][0];
        assert_eq!((&best["ProductId"], &best["PicName"]), (&json!("cup"), &json!("side.jpg")));
        assert_eq!((&best["CategoryId"], &best["IntAttr"]), (&json!(7), &json!(5)));
        assert_eq!(best["CustomContent"], "old");
        assert_eq!(names(&found).len(), 3);
    }
    let body = with_pictures(&[], &[("searchPic", png(1))]);
    let oldest = RoaCall::v2018("/item/search", body).sign(&emulator).send(&emulator).json();
    let best = &oldest["Auctions"]["Auction"][0];
    assert_eq!((&best["ItemId"], &best["CustContent"]), (&json!("shirt"), &json!("k1=v1&k2")));

    let deleted = RoaCall::v2018("/item/delete", caret(&[("item_id", "shirt")]));
    assert_eq!(deleted.sign(&emulator).send(&emulator).status, 200);
    assert_eq!(names(&newest("2")), ["side.jpg"]);
    assert_eq!(names(&middle()), ["side.jpg"]);
}
