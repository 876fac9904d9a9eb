//! Every operation through the blocking client: upload, call, answer.

use imagesearch_blocking::{Client, Credentials};
use imagesearch_core::answers::ServiceType;
use imagesearch_core::filter::{int_attr, str_attr};
use imagesearch_core::values::{CategoryId, ScoreThreshold, SortExprValues};
use imagesearch_core::{
    Error, Image,
    client::SignatureMethod,
    requests::{
        AddImageRequest, CheckImageExistsRequest, CompareSimilarByImageRequest, DeleteImageRequest,
        DetailRequest, SearchImageByFilterRequest, SearchImageByNameRequest,
        SearchImageByPicRequest, UpdateImageRequest,
    },
};
use imagesearch_emulator::{Emulator, InstanceSettings};

use crate::pictures::{corner, framed, png};

fn client(emulator: &Emulator) -> Client {
    Client::builder()
        .with_emulator(emulator.url())
        .with_credentials(Credentials::access_key(
            Emulator::ACCESS_KEY_ID,
            Emulator::ACCESS_KEY_SECRET,
        ))
        .build()
        .unwrap()
}

/// Starts an emulator whose instance `demo` has three pictures of two products.
fn filled() -> (Emulator, imagesearch_blocking::Instance) {
    let emulator = Emulator::builder().start().unwrap();
    let demo = client(&emulator).instance("demo");
    for (seed, product, name) in [(1, "shirt", "front"), (2, "shirt", "back"), (3, "cup", "front")]
    {
        let request = AddImageRequest::new(product, name, Image::from(png(seed)))
            .int_attr(seed as i32 * 10)
            .str_attr(name)
            .category_id(if product == "cup" { CategoryId::OTHER } else { CategoryId::TOPS })
            .custom_content(format!("{product} + {name} & 红"));
        let added = demo.add_image(request).send().unwrap();
        assert_eq!(added.code, Some(0));
    }
    (emulator, demo)
}

fn code(result: Result<impl std::fmt::Debug, Error>) -> String {
    let error = result.unwrap_err();
    error.code().map(ToString::to_string).unwrap_or_else(|| panic!("{error}"))
}

#[test]
fn a_stored_picture_finds_itself_with_a_score_of_one() {
    let (_emulator, demo) = filled();
    let request = SearchImageByPicRequest::new(Image::from(png(2)));
    let found = demo.search_image_by_pic(request).send().unwrap();
    let best = &found.auctions[0];
    assert_eq!(best.pic_name.as_deref(), Some("back"));
    assert_eq!(best.score, Some(1.0));
    assert_eq!(best.int_attr, Some(20));
    assert_eq!(best.custom_content.as_deref(), Some("shirt + back & 红"));
    assert_eq!(
        best.sort_expr_values.as_ref().map(SortExprValues::as_str),
        Some("7.33136443711219e+24;0")
    );
    let head = found.head.as_ref().unwrap();
    assert_eq!((head.docs_found, head.docs_return), (Some(3), Some(3)));
    assert_eq!(found.msg.as_deref(), Some("success"));
    let scores: Vec<_> = found.auctions.iter().map(|it| it.score).collect();
    assert!(scores.is_sorted_by(|left, right| left >= right), "{scores:?}");
}

#[test]
fn searches_narrow_by_filter_category_product_score_and_page() {
    let (_emulator, demo) = filled();
    let search = |change: fn(SearchImageByPicRequest) -> SearchImageByPicRequest| {
        let request = change(SearchImageByPicRequest::new(Image::from(png(1))));
        let found = demo.search_image_by_pic(request).send().unwrap();
        let names = found.auctions.iter().map(|it| {
            format!("{}/{}", it.product_id.as_deref().unwrap(), it.pic_name.as_deref().unwrap())
        });
        names.collect::<Vec<_>>()
    };
    assert_eq!(search(|it| it.filter(int_attr().lt(20))), ["shirt/front"]);
    assert_eq!(search(|it| it.filter(str_attr().is_in(["nothing"]))), [""; 0]);
    assert_eq!(search(|it| it.category_id(CategoryId::OTHER)), ["cup/front"]);
    assert_eq!(search(|it| it.distinct_product_id(true)).len(), 2);
    assert_eq!(search(|it| it.score_threshold(ScoreThreshold::new(1.0).unwrap())), ["shirt/front"]);
    let all = search(|it| it);
    assert_eq!(search(|it| it.start(1).num(1)), all[1..2]);
    assert_eq!(search(|it| it.start(3)), [""; 0]);
}

#[test]
fn a_stored_picture_is_searched_with_by_name() {
    let (_emulator, demo) = filled();
    let request = SearchImageByNameRequest::new("cup", "front");
    let found = demo.search_image_by_name(request).send().unwrap();
    assert_eq!(found.auctions[0].product_id.as_deref(), Some("cup"));
    assert_eq!(found.auctions[0].score, Some(1.0));
    assert_eq!(found.auctions.len(), 3);
    let info = found.pic_info.as_ref().unwrap();
    assert_eq!(info.category_id, Some(CategoryId::OTHER));
    let by_pic = SearchImageByPicRequest::new(Image::from(png(3)));
    let by_pic = demo.search_image_by_pic(by_pic).send().unwrap().pic_info.clone().unwrap();
    assert!(info.region.is_some() && info.region == by_pic.region, "{info:?}");
    let absent = SearchImageByNameRequest::new("cup", "back");
    assert_eq!(code(demo.search_image_by_name(absent).send()), "PicNotExist");
}

#[test]
fn pictures_are_listed_by_filter_in_the_order_they_came() {
    let (_emulator, demo) = filled();
    let list = |request| {
        let found = demo.search_image_by_filter(request).send().unwrap();
        found.auctions.iter().map(|it| it.int_attr.unwrap()).collect::<Vec<_>>()
    };
    let front = || SearchImageByFilterRequest::new(str_attr().eq("front"));
    assert_eq!(list(front()), [10, 30]);
    assert_eq!(list(front().start(1)), [30]);
    assert_eq!(list(front().num(1)), [10]);
}

#[test]
fn attributes_are_updated_and_looked_up() {
    let (_emulator, demo) = filled();
    let check = |name: &str| {
        demo.check_image_exists(CheckImageExistsRequest::new("shirt", name)).send().unwrap()
    };
    let change = UpdateImageRequest::new("shirt", "front").int_attr4(-4).str_attr("new");
    demo.update_image(change).send().unwrap();
    let found = check("front");
    let stored = found.auctions.as_ref().unwrap();
    assert_eq!(found.exists, Some(true));
    assert_eq!((stored.int_attr, stored.int_attr4), (Some(10), Some(-4)));
    assert_eq!(stored.str_attr.as_deref(), Some("new"));
    assert_eq!(check("sleeve").exists, Some(false));
    assert_eq!(check("sleeve").auctions, None);
    let absent = UpdateImageRequest::new("shirt", "sleeve").int_attr(1);
    assert_eq!(code(demo.update_image(absent).send()), "PicNotExist");
}

#[test]
fn pictures_are_deleted_by_name_product_and_filter() {
    for (request, deleted, left) in [
        (DeleteImageRequest::by_product("shirt"), vec!["back", "front"], 1),
        (DeleteImageRequest::by_product("shirt").pic_name("back"), vec!["back"], 2),
        (DeleteImageRequest::by_filter(int_attr().ge(20)), vec!["back", "front"], 1),
        (DeleteImageRequest::by_product("hat"), vec![], 3),
    ] {
        let (_emulator, demo) = filled();
        let answer = demo.delete_image(request.clone()).send().unwrap();
        let names = answer.data.as_ref().map(|it| it.pic_names.clone()).unwrap_or_default();
        assert_eq!(names, deleted, "{request:?}");
        let detail = demo.detail(DetailRequest::new()).send().unwrap();
        assert_eq!(detail.instance.as_ref().unwrap().total_count, Some(left));
    }
}

#[test]
fn two_pictures_are_compared() {
    let (_emulator, demo) = filled();
    let compare = |left: u64, right: u64| {
        let request =
            CompareSimilarByImageRequest::new(Image::from(png(left)), Image::from(png(right)));
        demo.compare_similar_by_image(request).send().unwrap().score.unwrap()
    };
    assert_eq!(compare(1, 1), 1.0);
    assert!(compare(1, 2) < 0.7);
}

#[test]
fn the_instance_is_described() {
    let settings = InstanceSettings::new("cloth")
        .service_type(ServiceType::Fabric)
        .capacity(25_000)
        .region("cn-beijing")
        .qps(10);
    let emulator = Emulator::builder().instance(settings).start().unwrap();
    let answer = client(&emulator).instance("cloth").detail(DetailRequest::new()).send().unwrap();
    let detail = answer.instance.as_ref().unwrap();
    assert_eq!(detail.name.as_deref(), Some("cloth"));
    assert_eq!(detail.region.as_deref(), Some("cn-beijing"));
    assert_eq!(detail.service_type, Some(ServiceType::Fabric));
    assert_eq!((detail.capacity, detail.qps, detail.total_count), (Some(3), Some(10), Some(0)));
    assert!(detail.utc_create < detail.utc_expire_time);
}

#[test]
fn the_subject_on_a_plain_page_is_found() {
    let (_emulator, demo) = filled();
    let search = |crop: bool| {
        let request = SearchImageByPicRequest::new(Image::from(framed(3))).crop(crop);
        demo.search_image_by_pic(request).send().unwrap()
    };
    let cropped = search(true);
    let region = cropped.pic_info.as_ref().unwrap().region.unwrap();
    assert_eq!((region.x1(), region.y1()), (40, 40));
    assert_eq!(cropped.auctions[0].score, Some(1.0));
    let whole = search(false);
    assert_eq!(whole.pic_info.as_ref().unwrap().region.unwrap().x1(), 0);
    assert!(whole.auctions[0].score < Some(1.0));
}

#[test]
fn a_given_box_is_what_is_compared() {
    let (_emulator, demo) = filled();
    let part = AddImageRequest::new("part", "corner", Image::from(corner(3, 120, 110)));
    demo.add_image(part).send().unwrap();
    let search = |region: &str| {
        let request =
            SearchImageByPicRequest::new(Image::from(png(3))).region(region.parse().unwrap());
        demo.search_image_by_pic(request).send()
    };
    let found = search("0,120,0,110").unwrap();
    assert_eq!(found.auctions[0].product_id.as_deref(), Some("part"));
    assert_eq!(found.auctions[0].score, Some(1.0));
    assert_eq!(code(search("0,5000,0,110")), "InvalidRegion");
}

#[test]
fn other_service_types_have_one_category() {
    let settings = InstanceSettings::new("all").service_type(ServiceType::Generic);
    let emulator = Emulator::builder().instance(settings).start().unwrap();
    let all = client(&emulator).instance("all");
    let request =
        AddImageRequest::new("1", "1", Image::from(png(1))).category_id(CategoryId::SHOES);
    let added = all.add_image(request).send().unwrap();
    let info = added.pic_info.as_ref().unwrap();
    assert_eq!(info.category_id, Some(CategoryId::OTHER));
    assert_eq!(info.all_categories.len(), 1);
    let request = SearchImageByPicRequest::new(Image::from(png(1))).category_id(CategoryId::BAG);
    assert_eq!(all.search_image_by_pic(request).send().unwrap().auctions.len(), 1);
}

#[test]
fn a_full_instance_takes_replacements_only() {
    let emulator =
        Emulator::builder().instance(InstanceSettings::new("demo").capacity(1)).start().unwrap();
    let demo = client(&emulator).instance("demo");
    let add = |name: &str, seed| {
        demo.add_image(AddImageRequest::new("1", name, Image::from(png(seed)))).send()
    };
    add("a", 1).unwrap();
    add("a", 2).unwrap();
    assert_eq!(code(add("b", 2)), "InstanceOverQuota");
    let request = SearchImageByPicRequest::new(Image::from(png(2)));
    assert_eq!(demo.search_image_by_pic(request).send().unwrap().auctions[0].score, Some(1.0));
}

#[test]
fn both_signatures_and_temporary_keys_are_taken() {
    let emulator = Emulator::builder()
        .account("id", "secret")
        .sts_account("sts-id", "sts-secret", "sts-token")
        .start()
        .unwrap();
    for signature in [SignatureMethod::Acs3HmacSha256, SignatureMethod::HmacSha1] {
        for credentials in [
            Credentials::access_key("id", "secret"),
            Credentials::sts("sts-id", "sts-secret", "sts-token"),
        ] {
            let client = Client::builder()
                .with_emulator(emulator.url())
                .with_signature(signature)
                .with_credentials(credentials)
                .build()
                .unwrap();
            let request =
                AddImageRequest::new("1", "a b+c", Image::from(png(1))).str_attr("x/y?z=1");
            client.instance("demo").add_image(request).send().unwrap();
        }
    }
}

#[test]
fn it_stops_when_asked_and_frees_its_port() {
    let emulator = Emulator::builder().start().unwrap();
    let address = emulator.local_addr();
    let handle = emulator.shutdown_handle();
    let waiting = std::thread::spawn(move || emulator.wait());
    handle.shutdown();
    waiting.join().unwrap();
    assert!(std::net::TcpListener::bind(address).is_ok());
}
