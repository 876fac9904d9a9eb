//! The console page and what it asks for, as a browser does but without one.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use imagesearch_blocking::{Client, Credentials};
use imagesearch_core::filter::int_attr;
use imagesearch_core::values::CategoryId;
use imagesearch_core::{
    Image,
    requests::{AddImageRequest, SearchImageByNameRequest, SearchImageByPicRequest},
};
use imagesearch_emulator::Emulator;
use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::pictures::{framed, png};

const MARKUP: &str = "<script>alert(1)</script>&\"'";

fn agent() -> Agent {
    // A proxy of the environment is for other machines.
    let config = Agent::config_builder().proxy(None).http_status_as_error(false);
    config.max_redirects(0).build().into()
}

fn get(emulator: &Emulator, path: &str) -> Response<Body> {
    agent().get(format!("{}/_emulator/{path}", emulator.url())).call().unwrap()
}

fn json_of(response: Response<Body>) -> Value {
    serde_json::from_str(&response.into_body().read_to_string().unwrap()).unwrap()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn demo(emulator: &Emulator) -> imagesearch_blocking::Instance {
    let key = Credentials::access_key(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
    let client = Client::builder().with_emulator(emulator.url()).with_credentials(key).build();
    client.unwrap().instance("demo")
}

/// Starts an emulator with the pictures 1 to 4, the last of which has markup for names.
fn filled(keep_images: bool) -> Emulator {
    let emulator = Emulator::builder().keep_images(keep_images).start().unwrap();
    for (number, product) in (1..).zip(["cup", "shirt", "hat", MARKUP]) {
        let request = AddImageRequest::new(product, "front", Image::from(png(number)))
            .int_attr(number as i32)
            .custom_content(MARKUP);
        demo(&emulator).add_image(request.str_attr4("four")).send().unwrap();
    }
    emulator
}

#[test]
fn the_page_comes_with_a_strict_policy() {
    let emulator = Emulator::builder().start().unwrap();
    for (path, content_type) in [
        ("", "text/html; charset=utf-8"),
        ("console/console.js", "text/javascript; charset=utf-8"),
        ("console/base.css", "text/css; charset=utf-8"),
        ("console/icon.svg", "image/svg+xml"),
    ] {
        let response = get(&emulator, path);
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(header(&response, "content-type"), content_type, "{path}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        let policy = header(&response, "content-security-policy");
        for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
    let response = agent().get(format!("{}/_emulator", emulator.url())).call().unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "location")), (308, "/_emulator/"));
    assert_eq!(get(&emulator, "console/other.js").status(), 404);
}

#[test]
fn the_gallery_lists_pages_and_counts_all() {
    let emulator = filled(true);
    let products = |query: &str| {
        let listed = json_of(get(&emulator, &format!("instances/demo/images?{query}")));
        let images = listed["images"].as_array().unwrap().clone();
        let products: Vec<_> = images.iter().map(|it| it["product_id"].clone()).collect();
        (json!(products), listed["total"].as_u64().unwrap())
    };
    for (query, expected, total) in [
        ("", json!(["cup", "shirt", "hat", MARKUP]), 4),
        ("start=1&count=2", json!(["shirt", "hat"]), 4),
        ("start=9", json!([]), 4),
        ("count=0", json!([]), 4),
        ("filter=int_attr%3E%3D2", json!(["shirt", "hat", MARKUP]), 3),
        ("filter=int_attr%3E%3D2&start=1&count=1", json!(["hat"]), 3),
        ("filter=int_attr%3D9", json!([]), 0),
    ] {
        assert_eq!(products(query), (expected, total), "{query}");
    }
    let response = get(&emulator, "instances/demo/images?start=3");
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    let expected = json!([{
        "product_id": MARKUP, "pic_name": "front", "category_id": 88888888, "int_attr": 4,
        "str_attr4": "four", "custom_content": MARKUP, "thumbnail": true,
    }]);
    assert_eq!(json_of(response)["images"], expected);
}

#[test]
fn what_the_gallery_cannot_list_is_explained() {
    let emulator = filled(false);
    for (path, status, reason) in [
        ("instances/demo/images?count=201", 400, "count must be at most 200"),
        ("instances/demo/images?filter=int_attr%3E", 400, "filter: "),
        ("instances/demo/images?page=1", 400, "page"),
        ("instances/other/images", 404, "`other`"),
        ("instances/other/thumbnail?product_id=cup&pic_name=front", 404, "`other`"),
        ("instances/demo/thumbnail?product_id=cup", 400, "pic_name"),
        ("instances/demo/thumbnail?product_id=cup&pic_name=back", 404, "no picture"),
        ("instances/demo/thumbnail?product_id=cup&pic_name=front", 404, "--keep-images"),
    ] {
        let response = get(&emulator, path);
        assert_eq!(response.status(), status, "{path}");
        let error = json_of(response)["error"].as_str().unwrap().to_owned();
        assert!(error.contains(reason), "{path}: {error}");
    }
    let listed = json_of(get(&emulator, "instances/demo/images?count=1"));
    assert_eq!(listed["images"][0]["thumbnail"], false);
}

/// Creates a wide picture, red on the left and blue on the right.
fn wide() -> Vec<u8> {
    let colour = |x| if x < 300 { [255, 0, 0] } else { [0, 0, 255] };
    let pixels = RgbImage::from_fn(600, 300, |x, _| image::Rgb(colour(x)));
    let mut png = Cursor::new(Vec::new());
    pixels.write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

#[test]
fn thumbnails_are_small_and_known_by_their_tag() {
    let emulator = Emulator::builder().keep_images(true).start().unwrap();
    let add = |picture: Vec<u8>| {
        let request = AddImageRequest::new("1 & 2", "a/b?c", Image::from(picture));
        demo(&emulator).add_image(request).send().unwrap();
    };
    let url = format!(
        "{}/_emulator/instances/demo/thumbnail?product_id=1%20%26%202&pic_name=a%2Fb%3Fc",
        emulator.url()
    );
    add(wide());
    let response = agent().get(&url).call().unwrap();
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type")),
        (200, "image/jpeg")
    );
    assert_eq!(header(&response, "cache-control"), "private, no-cache");
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    assert_eq!(header(&response, "cross-origin-resource-policy"), "same-origin");
    let tag = header(&response, "etag").to_owned();
    let jpeg = response.into_body().read_to_vec().unwrap();
    let shown = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap().into_rgb8();
    assert_eq!(shown.dimensions(), (256, 128));
    let [left, right] = [20, 235].map(|x| shown.get_pixel(x, 64).0);
    assert!(left[0] > 200 && left[2] < 60 && right[0] < 60 && right[2] > 200, "{left:?} {right:?}");

    let again = || agent().get(&url).header("if-none-match", &tag).call().unwrap();
    let same = again();
    assert_eq!((same.status().as_u16(), header(&same, "etag")), (304, tag.as_str()));
    assert!(same.into_body().read_to_vec().unwrap().is_empty());
    add(png(1));
    let other = again();
    assert_eq!(other.status(), 200);
    assert_ne!(header(&other, "etag"), tag);
}

/// Leaves out what differs between two requests.
fn without_id_and_time(mut answer: Value) -> Value {
    answer.as_object_mut().unwrap().remove("RequestId");
    answer["Head"].as_object_mut().unwrap().remove("SearchTime");
    answer
}

#[test]
fn a_search_answers_what_the_api_does() {
    let emulator = filled(true);
    let search = |query: &str, picture: &[u8]| {
        let url = format!("{}/_emulator/instances/demo/search?{query}", emulator.url());
        json_of(agent().post(url).send(picture).unwrap())
    };
    let raw = |body: &[u8]| without_id_and_time(serde_json::from_slice(body).unwrap());
    let picture = framed(2);
    let request = || SearchImageByPicRequest::new(Image::from(picture.clone()));
    for (query, request) in [
        ("", request()),
        ("num=2&start=1", request().num(2).start(1)),
        ("crop=false&category_id=88888888", request().crop(false).category_id(CategoryId::OTHER)),
        ("filter=int_attr%3E2", request().filter(int_attr().gt(2))),
        ("score_threshold=0.99", request().score_threshold("0.99".parse().unwrap())),
    ] {
        let answer = demo(&emulator).search_image_by_pic(request).send().unwrap();
        assert_eq!(
            without_id_and_time(search(query, &picture)),
            raw(answer.meta().body()),
            "{query}"
        );
    }
    let request = SearchImageByNameRequest::new("hat", "front").num(1);
    let answer = demo(&emulator).search_image_by_name(request).send().unwrap();
    let query = "product_id=hat&pic_name=front&num=1";
    assert_eq!(without_id_and_time(search(query, b"")), raw(answer.meta().body()));
    let noted = json_of(get(&emulator, "requests?action=SearchImageByPic"));
    let unsigned = |it: &&Value| it["account"].is_null() && it["status"] == 200;
    let unsigned: Vec<_> = noted["requests"].as_array().unwrap().iter().filter(unsigned).collect();
    assert_eq!(unsigned.len(), 5, "{noted}");
    assert!(unsigned.iter().all(|it| it["picture_bytes"] == picture.len()), "{unsigned:?}");
}

#[test]
fn a_search_is_refused_as_the_api_does() {
    let emulator = filled(false);
    let large = vec![0; 4 * 1024 * 1024 + 1];
    let picture = png(1);
    for (path, body, status, code) in [
        ("demo/search", &b"no picture"[..], 400, "UnsupportedPicFormat"),
        ("demo/search", b"", 400, "NoSpecifiedPicContent"),
        ("demo/search", &large, 400, "InvalidPicContent"),
        ("other/search", &picture, 400, "InvalidInstance"),
        ("demo/search?num=0", &picture, 400, "InvalidNumParameter"),
        ("demo/search?filter=nonsense", &picture, 400, "InvalidFilterClause"),
        ("demo/search?product_id=hat&pic_name=back", b"", 400, "PicNotExist"),
    ] {
        let url = format!("{}/_emulator/instances/{path}", emulator.url());
        let response = agent().post(url).send(body).unwrap();
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
        let status_given = response.status().as_u16();
        let answer = json_of(response);
        assert_eq!((status_given, &answer["Code"]), (status, &json!(code)), "{path} {answer}");
    }
    let url = format!("{}/_emulator/instances/demo/search?number=1", emulator.url());
    let answer = json_of(agent().post(url).send(&picture[..]).unwrap());
    assert!(answer["error"].as_str().unwrap().contains("`number`"), "{answer}");
}
