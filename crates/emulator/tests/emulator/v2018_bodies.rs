//! Bodies of 2018-01-20 that are not as they should be.

use imagesearch_core::errors::ErrorCode;
use imagesearch_emulator::{Auth, Emulator};
use proptest::prelude::*;

use crate::pictures::png;
use crate::roa::{RoaCall, caret, with_pictures};
use crate::wire::{Answer, start};

fn send(emulator: &Emulator, path: &str, body: Vec<u8>) -> Answer {
    RoaCall::v2018(path, body).sign(emulator).send(emulator)
}

/// Checks that an answer has a code, and the status and message that are documented with it.
fn assert_refused(answer: &Answer, code: &str, about: &str) {
    assert_eq!(answer.error().1, code, "{about}: {answer:?}");
    let described = ErrorCode::from(code).description().unwrap();
    assert_eq!(Some(&answer.status), described.http.first(), "{about}");
    assert_eq!(answer.json()["Message"].as_str(), described.messages.first().copied(), "{about}");
}

const NAME: &str = "c2hvZXMxLmpwZw==";

#[test]
fn a_malformed_body_is_answered_with_the_documented_code() {
    let emulator = start(Emulator::builder());
    let (add, search, delete) = ("/item/add", "/item/search", "/item/delete");
    let list = |value| caret(&[("item_id", "1000"), ("pic_list", value)]);
    for (path, body, code) in [
        (add, b"".to_vec(), "NoCaretSeperator"),
        (add, b"item_id,0,4".to_vec(), "NoCaretSeperator"),
        (delete, b"1000".to_vec(), "NoCaretSeperator"),
        (add, b"^1000".to_vec(), "EmptyMeta"),
        (search, b"^".to_vec(), "EmptyMeta"),
        (add, b"item_id,0^1000".to_vec(), "InvalidMetaItem"),
        (add, b"item_id,0,5^1000".to_vec(), "InvalidMetaItem"),
        (delete, b"item_id,0,3^1000".to_vec(), "InvalidMetaItem"),
        (delete, b"item_id,0,4#,4,4^1000".to_vec(), "InvalidMetaItem"),
        (delete, b"item_id,0,4#item_id,4,8^10001000".to_vec(), "InvalidMetaItem"),
        (delete, b"item_id,0,1^\xFF".to_vec(), "InvalidMetaItem"),
        (add, caret(&[("item_id", "1000")]), "NoPicList"),
        (search, caret(&[("s", "0")]), "NoPicList"),
        (add, list("shoes1.jpg"), "InvalidPicList"),
        (delete, list(",c2hvZXMxLmpwZw=="), "InvalidPicList"),
        (delete, list("c2hvZXMxLmpwZw==,c2hvZXMxLmpwZw=="), "InvalidPicList"),
        (search, with_pictures(&[], &[("a", png(1)), ("b", png(2))]), "InvalidPicList"),
        (add, list(NAME), "NoSpecifiedPic"),
        (search, list(NAME), "NoSpecifiedPic"),
        (add, list(""), "NoSpecifiedAddPic"),
        (search, list(""), "NoSpecifiedSearchPic"),
        (add, with_pictures(&[], &[("a", png(1))]), "NoSpecifiedItemId"),
        (add, with_pictures(&[("item_id", "")], &[("a", png(1))]), "NoSpecifiedItemId"),
        (delete, caret(&[("pic_list", "")]), "NoSpecifiedItemId"),
        (
            add,
            caret(&[("item_id", "1000"), (NAME, "no Base64"), ("pic_list", NAME)]),
            "UnsupportedPicFormat",
        ),
    ] {
        let shown = format!("{path} {}", String::from_utf8_lossy(&body[..body.len().min(60)]));
        assert_refused(&send(&emulator, path, body), code, &shown);
    }
}

#[test]
fn the_texts_of_the_codes_are_those_of_the_service() {
    let emulator = start(Emulator::builder());
    for (body, message) in [
        (&b"item_id"[..], "The body content is missing the ^ separator."),
        (b"^1", "The body content has an empty meta field."),
        (b"item_id^1", "The meta field is invalid."),
    ] {
        let answer = send(&emulator, "/item/add", body.to_vec());
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["Message"], message);
        // Our own words say what exactly is wrong.
        assert!(answer.json()["Recommend"].as_str().unwrap().len() > 20, "{answer:?}");
    }
}

#[test]
fn values_out_of_their_limits_are_answered_with_their_code() {
    let emulator = start(Emulator::builder());
    for (field, value, code) in [
        ("n", "0", "InvalidNumParameter"),
        ("n", "x", "InvalidNumParameter"),
        ("n", "101", "OverflowMaxReturnNum"),
        ("s", "-1", "InvalidStartParameter"),
        ("s", "500", "InvalidStartParameter"),
        ("s", "491", "OverflowMaxResultNum"),
        ("cat_id", "bags", "InvalidCategory"),
        ("crop", "maybe", "BadRequest"),
        ("region", "10,20", "BadRequest"),
        ("region", "0,9000,0,9000", "BadRequest"),
        ("filter", "price > 1", "InvalidFilterClause"),
    ] {
        let body = with_pictures(&[(field, value)], &[("searchPic", png(1))]);
        let answer = send(&emulator, "/item/search", body);
        assert_refused(&answer, code, &format!("{field}={value}"));
    }
    for (field, value, code) in [
        ("int_attr", "many", "InvalidIntAttr"),
        ("cat_id", "1.5", "InvalidCategory"),
        ("region", "0,9000,0,9000", "BadRequest"),
    ] {
        let body = with_pictures(&[("item_id", "1"), (field, value)], &[("a", png(1))]);
        assert_refused(&send(&emulator, "/item/add", body), code, &format!("{field}={value}"));
    }
}

#[test]
fn an_unknown_instance_comes_before_what_is_wrong_with_the_body() {
    let emulator = start(Emulator::builder());
    for query in [vec![("instanceName", "other")], vec![("InstanceName", "demo")], vec![]] {
        let call =
            RoaCall { query: query.clone(), ..RoaCall::v2018("/item/add", b"no body".to_vec()) };
        let answer = call.sign(&emulator).send(&emulator);
        assert_refused(&answer, "InvalidInstance", &format!("{query:?}"));
    }
}

#[test]
fn other_names_other_orders_and_other_scripts_are_taken() {
    let emulator = start(Emulator::builder());
    let add = with_pictures(&[("item_id", "红"), ("cust_content", "é^#,")], &[("a", png(1))]);
    assert_eq!(send(&emulator, "/item/add", add).status, 200);
    let search = || with_pictures(&[("s", "0")], &[("searchPic", png(1))]);
    let found = send(&emulator, "/item/search", search()).json();
    assert_eq!(found["Auctions"]["Auction"][0]["ItemId"], "红");
    assert_eq!(found["Auctions"]["Auction"][0]["CustContent"], "é^#,");
    let delete = caret(&[
        ("pic_list", "YQ=="),
        ("colour", "red"),
        ("item_id", "红"),
        ("Yg==", "a picture that is not listed"),
    ]);
    assert_eq!(send(&emulator, "/item/delete", delete).status, 200);
    let found = send(&emulator, "/item/search", search()).json();
    assert_eq!(found["Auctions"]["Auction"], serde_json::json!([]));
}

#[test]
fn no_body_crashes_the_server() {
    let emulator = start(Emulator::builder().auth(Auth::Off));
    let name = prop_oneof!["item_id|pic_list|s|n|cat_id|crop|region|filter", "[A-Za-z=]{0,6}"];
    let entries = prop::collection::vec((name, "[ -~红]{0,12}"), 0..5);
    let cut = prop_oneof![Just(usize::MAX), 0_usize..60];
    let path = prop::sample::select(vec!["/item/add", "/item/search", "/item/delete"]);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(200));
    let run = runner.run(&(path, entries, cut), |(path, entries, cut)| {
        let entries: Vec<_> = entries.iter().map(|(name, value)| (&**name, &**value)).collect();
        let mut body = caret(&entries);
        body.truncate(cut);
        let answer = send(&emulator, path, body);
        // Something may be deleted, but nothing is a picture.
        let expected = if path == "/item/delete" { 200..=400 } else { 400..=400 };
        prop_assert!(expected.contains(&answer.status), "{:?}", answer);
        Ok(())
    });
    run.unwrap();
}
