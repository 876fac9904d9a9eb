//! What is refused because of what a call says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_core::answers::ServiceType;
use imagesearch_emulator::{Auth, Emulator, InstanceSettings};

use crate::pictures::{corner, png};
use crate::wire::{Answer, Unsigned, start};

fn emulator() -> Emulator {
    start(Emulator::builder().auth(Auth::Off))
}

fn call(emulator: &Emulator, action: &str, form: &[(&str, &str)]) -> Answer {
    Unsigned::new(action, form, "n").acs3(emulator).send(emulator)
}

fn add(emulator: &Emulator, picture: &str, more: &[(&'static str, &str)]) -> Answer {
    let mut form = vec![
        ("InstanceName", "demo"),
        ("ProductId", "1"),
        ("PicName", "1"),
        ("PicContent", picture),
    ];
    for (name, value) in more {
        form.retain(|(it, _)| it != name);
        form.push((name, value));
    }
    call(emulator, "AddImage", &form)
}

#[test]
fn operations_and_versions_must_exist() {
    let emulator = emulator();
    for (method, action, version, expected) in [
        ("POST", "AddImages", "2020-12-14", (404, "InvalidApi.NotFound")),
        ("POST", "AddImage", "1999-01-01", (400, "NoSuchVersion")),
        ("POST", "AddImage", "2019-03-25", (404, "InvalidApi.NotFound")),
        ("POST", "AddItem", "2018-01-20", (404, "InvalidApi.NotFound")),
        ("GET", "AddImage", "2020-12-14", (400, "UnsupportedHTTPMethod")),
        ("PUT", "AddImage", "2020-12-14", (400, "UnsupportedHTTPMethod")),
    ] {
        let call = Unsigned { method, version, ..Unsigned::new(action, &[], "n") };
        for request in [call.acs3(&emulator), call.rpc(&emulator)] {
            let (status, code) = request.send(&emulator).error();
            assert_eq!((status, code.as_str()), expected, "{action}");
        }
    }
}

#[test]
fn the_first_mistake_is_answered_with_its_code() {
    let emulator = emulator();
    let picture = STANDARD.encode(png(1));
    let long = "x".repeat(257);
    for (name, value, code) in [
        ("InstanceName", "", "InvalidInstanceName"),
        ("InstanceName", "other", "InvalidInstance"),
        ("ProductId", "", "NoSpecifiedProductId"),
        ("ProductId", long.as_str(), "InvalidProductId"),
        ("PicName", "", "NoSpecifiedPicName"),
        ("PicContent", "", "NoSpecifiedPicContent"),
        ("IntAttr", "1.5", "InvalidIntAttr"),
        ("IntAttr2", "2147483648", "InvalidIntAttr2"),
        ("Region", "5,5,1,2", "InvalidRegion"),
        ("Region", "0,99999,0,99999", "InvalidRegion"),
        ("CategoryId", "shoe", "InvalidCategory"),
    ] {
        let answer = add(&emulator, &picture, &[(name, value)]);
        assert_eq!(answer.error(), (400, code.to_owned()), "{name}={value}");
    }
    let documented = add(&emulator, &picture, &[("ProductId", "")]);
    assert_eq!(documented.json()["Message"], "The parameter ProductId no specified.");
}

#[test]
fn searches_check_their_window_and_filter() {
    let emulator = emulator();
    for (name, value, code) in [
        ("Num", "101", "OverflowMaxReturnNum"),
        ("Num", "0", "InvalidNumParameter"),
        ("Start", "-1", "InvalidStartParameter"),
        ("Start", "495", "OverflowMaxResultNum"),
        ("Filter", "int_attr ~ 1", "InvalidFilterClause"),
        ("Filter", "price = 1", "InvalidFilterClause"),
    ] {
        let mut form = vec![("InstanceName", "demo"), ("Filter", "int_attr=1")];
        form.retain(|(it, _)| *it != name);
        form.push((name, value));
        let answer = call(&emulator, "SearchImageByFilter", &form);
        assert_eq!(answer.error(), (400, code.to_owned()), "{name}={value}");
    }
    let nothing = call(
        &emulator,
        "SearchImageByFilter",
        &[("InstanceName", "demo"), ("Filter", "int_attr=1")],
    );
    assert_eq!(nothing.json()["Auctions"], serde_json::json!([]));
    assert_eq!(nothing.json()["Msg"], "success");
}

#[test]
fn pictures_the_service_does_not_take_are_refused() {
    let emulator = emulator();
    let mut truncated = png(1);
    truncated.truncate(300);
    let mut large = png(1);
    large.resize(4 * 1024 * 1024 + 1, 0);
    for (picture, code) in [
        (corner(1, 99, 150), "UnsupportedPicPixels"),
        (b"no picture at all".to_vec(), "UnsupportedPicFormat"),
        (truncated, "UnsupportedPicFormat"),
        (large, "InvalidPicContent"),
    ] {
        let answer = add(&emulator, &STANDARD.encode(&picture), &[]);
        assert_eq!(answer.error(), (400, code.to_owned()), "{answer:?}");
    }
    assert_eq!(add(&emulator, "not Base64!", &[]).error().1, "InvalidPicContent");
}

#[test]
fn no_url_but_that_of_an_upload_is_fetched() {
    let emulator = emulator();
    let own = emulator.url();
    for picture in [
        "http://169.254.169.254/latest/meta-data/",
        "https://example.com/1.jpg",
        "http://127.0.0.1:1/ImageSearch/x",
        &format!("{own}/ImageSearch/unknown"),
        &format!("{own}@example.com/x"),
        &format!("{own}/_emulator/health"),
    ] {
        assert_eq!(
            add(&emulator, picture, &[]).error(),
            (400, "InvalidPicUrl".to_owned()),
            "{picture}"
        );
    }
}

#[test]
fn the_sides_of_a_picture_depend_on_the_service_type() {
    let fabric = InstanceSettings::new("demo").service_type(ServiceType::Fabric);
    let emulator = start(Emulator::builder().auth(Auth::Off).instance(fabric));
    let answer = add(&emulator, &STANDARD.encode(png(1)), &[]);
    assert_eq!(answer.error().1, "UnsupportedPicPixels");
}

#[test]
fn comparing_names_the_picture_that_is_missing() {
    let emulator = emulator();
    let picture = STANDARD.encode(png(1));
    for (present, code) in [
        ("SecondaryPicContent", "InvalidPrimaryPicContent"),
        ("PrimaryPicContent", "InvalidSecondaryPicContent"),
    ] {
        let form = [("InstanceName", "demo"), (present, picture.as_str())];
        assert_eq!(call(&emulator, "CompareSimilarByImage", &form).error().1, code);
    }
}

#[test]
fn parameters_that_do_not_exist_are_ignored_and_python_booleans_read() {
    let emulator = emulator();
    let picture = STANDARD.encode(png(1));
    let answer = add(&emulator, &picture, &[("Crop", "False"), ("Colour", "red")]);
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = add(&emulator, &picture, &[("Crop", "perhaps")]);
    assert_eq!(answer.error().1, "BadRequest");
}
