//! `SearchImageByText`: words of names and custom content, on multimodal instances.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_emulator::{Auth, Emulator, InstanceSettings};
use serde_json::{Value, json};

use crate::pictures::png;
use crate::wire::{Answer, Unsigned, start};

/// Starts an emulator with pictures that have texts, some of them with a category.
fn filled() -> Emulator {
    let instance = InstanceSettings::new("demo").multimodal(true);
    let emulator = start(Emulator::builder().auth(Auth::Off).instance(instance));
    let picture = STANDARD.encode(png(1));
    for (product, name, content, category, price) in [
        ("dress-1", "Red_front.jpg", "linen, summer", "1", "10"),
        ("dress-1", "red_back.jpg", "", "1", "20"),
        ("shoe", "front.jpg", "红色皮鞋 leather", "4", "30"),
    ] {
        let form = [
            ("InstanceName", "demo"),
            ("ProductId", product),
            ("PicName", name),
            ("PicContent", &picture),
            ("CustomContent", content),
            ("CategoryId", category),
            ("IntAttr", price),
        ];
        let answer = Unsigned::new("AddImage", &form, "n").acs3(&emulator).send(&emulator);
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    emulator
}

fn search(
    emulator: &Emulator,
    text: &str,
    more: &[(&str, &str)],
    query: &[(&str, &str)],
) -> Answer {
    let mut form = vec![("InstanceName", "demo"), ("Text", text)];
    form.extend_from_slice(more);
    let call = Unsigned { query, ..Unsigned::new("SearchImageByText", &form, "n") };
    call.acs3(emulator).send(emulator)
}

fn hits(answer: &Value) -> Vec<(String, f64)> {
    let rows = answer["Auctions"].as_array().unwrap().iter();
    rows.map(|row| (row["PicName"].as_str().unwrap().to_owned(), row["Score"].as_f64().unwrap()))
        .collect()
}

#[test]
fn pictures_are_ranked_by_the_share_of_terms_that_they_have() {
    let emulator = filled();
    let (front, back, shoe) = ("Red_front.jpg", "red_back.jpg", "front.jpg");
    for (text, expected) in [
        ("RED linen dress", vec![(front, 1.0), (back, 0.666_667)]),
        ("front", vec![(front, 1.0), (shoe, 1.0)]),
        ("红色的皮鞋", vec![(shoe, 0.5)]),
        ("红", vec![(shoe, 1.0)]),
        ("leather!", vec![(shoe, 1.0)]),
        ("lin", vec![]),
        ("!?", vec![]),
    ] {
        let found = search(&emulator, text, &[], &[]).json();
        let expected: Vec<_> =
            expected.iter().map(|(name, score)| ((*name).to_owned(), *score)).collect();
        assert_eq!(hits(&found), expected, "{text}");
        assert_eq!((&found["Success"], &found["Code"]), (&json!(true), &json!(0)));
        assert_eq!(found["Head"]["DocsFound"], expected.len());
    }
}

#[test]
fn searches_narrow_and_page_as_others_do() {
    let emulator = filled();
    let names = |more: &[(&str, &str)], query: &[(&str, &str)]| {
        let found = search(&emulator, "red front linen", more, query).json();
        hits(&found).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    let all = ["Red_front.jpg", "red_back.jpg", "front.jpg"];
    assert_eq!(names(&[], &[]), all);
    for (more, query, expected) in [
        (&[("Num", "1")][..], &[][..], &all[..1]),
        (&[("Start", "1"), ("Num", "1")], &[], &all[1..2]),
        (&[("Start", "3")], &[], &[]),
        (&[("Filter", "int_attr>10")], &[], &all[1..]),
        (&[("DistinctProductId", "true")], &[], &["Red_front.jpg", "front.jpg"]),
        (&[], &[("ScoreThreshold", "0.50")], &all[..1]),
    ] {
        assert_eq!(names(more, query), expected, "{more:?} {query:?}");
    }
}

#[test]
fn the_category_is_that_of_the_best_hit() {
    let emulator = filled();
    for (text, expected) in [("leather", 4), ("linen", 1), ("nothing", 88888888)] {
        let found = search(&emulator, text, &[], &[]).json();
        assert_eq!(found["PicInfo"]["CategoryId"], expected, "{text}");
        assert_eq!(found["PicInfo"]["AllCategories"][0], json!({ "Id": 0, "Name": "Tops" }));
        assert_eq!(found["PicInfo"]["Region"], Value::Null);
    }
}

#[test]
fn mistakes_have_their_codes() {
    let emulator = filled();
    let long = "x".repeat(513);
    for (text, more, code) in [
        ("", &[][..], "InvalidText"),
        (&long, &[], "InvalidTextLength"),
        ("x", &[("Num", "0")], "InvalidNumParameter"),
        ("x", &[("Num", "101")], "OverflowMaxReturnNum"),
        ("x", &[("Start", "500")], "InvalidStartParameter"),
        ("x", &[("Start", "450"), ("Num", "51")], "OverflowMaxResultNum"),
        ("x", &[("Filter", "int_attr ~ 1")], "InvalidFilterClause"),
    ] {
        let refused = search(&emulator, text, more, &[]).error();
        assert_eq!(refused, (400, code.to_owned()), "{more:?}");
    }
    let plain = start(Emulator::builder().auth(Auth::Off));
    let refused = search(&plain, "x", &[], &[]);
    assert_eq!(refused.error(), (500, "UnsupportedInstanceType".to_owned()));
    assert_eq!(refused.json()["Message"], "The instance type is not supported.");
}
