//! Where the subjects of pictures are: `Region` and `MultiRegion`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_emulator::similarity::{Picture, synthetic};
use imagesearch_emulator::{Auth, Emulator};
use serde_json::{Value, json};

use crate::pictures::{encode, framed, png};
use crate::wire::{Unsigned, start};

/// Puts two pictures of 100 by 60 pixels on a white page of 300 by 200.
fn two_subjects() -> Vec<u8> {
    const WIDTH: usize = 300;

    let inside = synthetic::picture(1);
    let mut pixels = vec![255; WIDTH * 200 * 3];
    for (left, top, height) in [(20, 30, 60), (180, 100, 80)] {
        for y in 0..height {
            let from = &inside.pixels()[y * inside.width() * 3..][..100 * 3];
            pixels[((top + y) * WIDTH + left) * 3..][..100 * 3].copy_from_slice(from);
        }
    }
    encode(&Picture::from_rgb(WIDTH, 200, pixels).unwrap())
}

fn call(emulator: &Emulator, action: &str, fields: &[(&str, &str)]) -> Value {
    let mut form = vec![("InstanceName", "demo")];
    form.extend_from_slice(fields);
    let answer = Unsigned::new(action, &form, "n").acs3(emulator).send(emulator);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["PicInfo"].clone()
}

/// Reads the boxes of an answer.
fn boxes(info: &Value) -> (Vec<i64>, Vec<Vec<i64>>) {
    let numbers = |text: &Value| {
        let numbers = text.as_str().unwrap().split(',').map(|number| number.parse().unwrap());
        numbers.collect::<Vec<i64>>()
    };
    let rows = info["MultiRegion"].as_array().unwrap().iter().map(|row| numbers(&row["Region"]));
    (numbers(&info["Region"]), rows.collect())
}

/// Compares boxes up to the two pixels that an edge may be off.
fn near(found: &[i64], expected: [i64; 4]) -> bool {
    found.len() == 4 && found.iter().zip(expected).all(|(found, it)| (found - it).abs() <= 2)
}

#[test]
fn each_of_several_subjects_has_its_box() {
    let emulator = start(Emulator::builder().auth(Auth::Off));
    let picture = STANDARD.encode(two_subjects());
    let names = [("ProductId", "1"), ("PicName", "1")];
    let added = call(&emulator, "AddImage", &[&names[..], &[("PicContent", &picture)]].concat());
    let found = call(&emulator, "SearchImageByPic", &[("PicContent", &picture)]);
    for info in [&added, &found] {
        let (all, each) = boxes(info);
        assert!(near(&all, [20, 280, 30, 180]), "{info}");
        assert_eq!(each.len(), 2, "{info}");
        assert!(near(&each[0], [180, 280, 100, 180]), "the largest first: {info}");
        assert!(near(&each[1], [20, 120, 30, 90]), "{info}");
    }
    let by_name = call(&emulator, "SearchImageByName", &names);
    assert_eq!(by_name["Region"], added["Region"]);
    assert_eq!(by_name["MultiRegion"], json!([{ "Region": added["Region"] }]));
}

#[test]
fn a_given_box_is_told_and_the_whole_where_nothing_stands_out() {
    let emulator = start(Emulator::builder().auth(Auth::Off));
    let whole = |border| {
        let inside = synthetic::picture(2);
        format!("0,{},0,{}", inside.width() + border, inside.height() + border)
    };
    for (picture, field, expected) in [
        (png(2), ("Crop", "true"), whole(0)),
        (png(2), ("Region", "10,90,20,80"), "10,90,20,80".to_owned()),
        (framed(2), ("Crop", "false"), whole(80)),
    ] {
        let content = STANDARD.encode(&picture);
        let info = call(&emulator, "SearchImageByPic", &[("PicContent", &content), field]);
        assert_eq!(info["Region"], expected, "{field:?}");
        assert_eq!(info["MultiRegion"], json!([{ "Region": expected }]), "{field:?}");
    }
}
