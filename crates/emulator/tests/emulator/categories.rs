//! Categories: named, predicted from neighbours, or forced to 88888888.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_core::answers::ServiceType;
use imagesearch_emulator::{Auth, Emulator, InstanceSettings};
use serde_json::Value;

use crate::pictures::{framed, png};
use crate::wire::{Unsigned, start};

/// Sends a picture with an operation; the category may be left out. Returns `PicInfo` and the hits.
fn send(emulator: &Emulator, action: &str, name: &str, picture: &[u8], category: &str) -> Value {
    let picture = STANDARD.encode(picture);
    let mut form = vec![("InstanceName", "demo"), ("PicContent", picture.as_str())];
    if action == "AddImage" {
        form.extend([("ProductId", "1"), ("PicName", name)]);
    }
    if !category.is_empty() {
        form.push(("CategoryId", category));
    }
    let answer = Unsigned::new(action, &form, "n").acs3(emulator).send(emulator);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[test]
fn a_category_is_that_of_similar_pictures_unless_it_is_named() {
    let emulator = start(Emulator::builder().auth(Auth::Off));
    let add = |name: &str, picture: &[u8], category: &str| {
        send(&emulator, "AddImage", name, picture, category)["PicInfo"]["CategoryId"].clone()
    };
    assert_eq!(add("first", &png(1), ""), 88888888, "nothing to go by");
    assert_eq!(add("bag", &png(2), "3"), 3);
    assert_eq!(add("framed bag", &framed(2), ""), 3, "like the bag");
    assert_eq!(add("shoe", &png(2), "4"), 4, "named");
    assert_eq!(add("again", &png(2), ""), 3, "two of three");
    assert_eq!(add("other", &png(1), ""), 88888888, "like the first");
    assert_eq!(add("strange", &png(9), ""), 88888888, "like nothing");
}

#[test]
fn a_search_tells_the_predicted_category_and_looks_into_all() {
    let emulator = start(Emulator::builder().auth(Auth::Off));
    send(&emulator, "AddImage", "bag", &png(2), "3");
    send(&emulator, "AddImage", "shoe", &png(5), "4");
    for (category, told, hits) in [("", 3, 2), ("3", 3, 1), ("4", 4, 1), ("0", 0, 0)] {
        let found = send(&emulator, "SearchImageByPic", "", &png(2), category);
        assert_eq!(found["PicInfo"]["CategoryId"], told, "{category}");
        assert_eq!(found["Auctions"].as_array().unwrap().len(), hits, "{category}");
        assert_eq!(found["PicInfo"]["AllCategories"].as_array().unwrap().len(), 14);
    }
}

#[test]
fn other_services_have_one_category() {
    let instance = InstanceSettings::new("demo").service_type(ServiceType::Generic);
    let emulator = start(Emulator::builder().auth(Auth::Off).instance(instance));
    for category in ["", "3"] {
        let added = send(&emulator, "AddImage", "a", &png(1), category);
        assert_eq!(added["PicInfo"]["CategoryId"], 88888888);
        let all = added["PicInfo"]["AllCategories"].as_array().unwrap();
        assert_eq!((all.len(), &all[0]["Name"]), (1, &Value::from("Other")));
        let found = send(&emulator, "SearchImageByPic", "", &png(1), category);
        assert_eq!(found["Auctions"][0]["CategoryId"], 88888888);
    }
}
