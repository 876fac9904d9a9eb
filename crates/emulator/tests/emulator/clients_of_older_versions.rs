//! The operations of older versions through the blocking client, with both signatures.

use imagesearch_blocking::{Client, Credentials, Instance};
use imagesearch_core::filter::int_attr;
use imagesearch_core::values::CategoryId;
use imagesearch_core::{
    Error, Image, client::SignatureMethod, requests::SearchImageByPicRequest, v2018, v2019,
};
use imagesearch_emulator::Emulator;

use crate::pictures::png;

const SIGNATURES: [SignatureMethod; 2] =
    [SignatureMethod::Acs3HmacSha256, SignatureMethod::HmacSha1];

fn demo(emulator: &Emulator, signature: SignatureMethod) -> Instance {
    let key = (Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
    Client::builder()
        .with_emulator(emulator.url())
        .with_credentials(Credentials::access_key(key.0, key.1))
        .with_signature(signature)
        .build()
        .unwrap()
        .instance("demo")
}

#[test]
fn items_are_added_found_and_deleted() {
    for signature in SIGNATURES {
        let emulator = Emulator::builder().start().unwrap();
        let demo = demo(&emulator, signature);
        let pictures = [("front.jpg", Image::from(png(1))), ("背.jpg", Image::from(png(2)))];
        let item = v2018::AddItemRequest::new("1000", pictures)
            .cat_id("3")
            .cust_content(r#"{"key1":"value1"}"#)
            .int_attr(22)
            .str_attr("red");
        let added = demo.v2018().add_item(item).send().unwrap();
        assert_eq!((added.success, added.code), (Some(true), Some(0)), "{signature:?}");

        let search = || {
            let request = v2018::SearchItemRequest::new(Image::from(png(2)));
            let request = request.n(5).filter(int_attr().eq(22));
            demo.v2018().search_item(request).send().unwrap()
        };
        let found = search();
        let rows = &found.auctions.as_ref().unwrap().auction;
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].item_id.as_deref(), Some("1000"));
        assert_eq!(rows[0].pic_name.as_deref(), Some("背.jpg"));
        assert_eq!(rows[0].cat_id.as_deref(), Some("3"));
        assert_eq!(rows[0].cust_content.as_deref(), Some(r#"{"key1":"value1"}"#));
        let info = found.pic_info.as_ref().unwrap();
        assert!(info.region.is_some());
        assert!(!info.all_category.as_ref().unwrap().category.is_empty());

        let newest = SearchImageByPicRequest::new(Image::from(png(2)));
        let newest = demo.search_image_by_pic(newest).send().unwrap();
        assert_eq!(newest.auctions[0].product_id.as_deref(), Some("1000"));
        assert_eq!(newest.auctions[0].score, Some(1.0));

        let one = v2018::DeleteItemRequest::by_pictures("1000", ["背.jpg"]);
        demo.v2018().delete_item(one).send().unwrap();
        assert_eq!(search().auctions.as_ref().map(|it| it.auction.len()), Some(1));
        demo.v2018().delete_item(v2018::DeleteItemRequest::by_item("1000")).send().unwrap();
        assert_eq!(search().auctions.as_ref().map(|it| it.auction.len()), Some(0));
    }
}

#[test]
fn pictures_are_added_found_both_ways_and_deleted() {
    for signature in SIGNATURES {
        let emulator = Emulator::builder().start().unwrap();
        let demo = demo(&emulator, signature);
        for (seed, name) in [(1, "front"), (2, "back + 红")] {
            let image = v2019::AddImageRequest::new("shirt", name, Image::from(png(seed)))
                .category_id(CategoryId::TOPS)
                .custom_content("a & b");
            let added = demo.v2019().add_image(image).send().unwrap();
            let category = added.pic_info.as_ref().and_then(|info| info.category_id);
            assert_eq!(category, Some(CategoryId::TOPS), "{signature:?}");
        }
        for request in [
            v2019::SearchImageRequest::by_pic(Image::from(png(2))),
            v2019::SearchImageRequest::by_name("shirt", "back + 红"),
        ] {
            let found = demo.v2019().search_image(request).send().unwrap();
            let names: Vec<_> = found.auctions.iter().map(|it| it.pic_name.as_deref()).collect();
            assert_eq!(names, [Some("back + 红"), Some("front")]);
            assert_eq!(found.auctions[0].custom_content.as_deref(), Some("a & b"));
        }
        let all = v2019::DeleteImageRequest::by_product("shirt");
        demo.v2019().delete_image(all).send().unwrap();
        let gone = v2019::SearchImageRequest::by_name("shirt", "front");
        let error = demo.v2019().search_image(gone).send().unwrap_err();
        assert_eq!(error.code().map(ToString::to_string).as_deref(), Some("PicNotExist"));
    }
}

#[test]
fn a_wrong_secret_is_refused_with_either_signature() {
    for signature in SIGNATURES {
        let emulator = Emulator::builder().start().unwrap();
        let client = Client::builder()
            .with_emulator(emulator.url())
            .with_credentials(Credentials::access_key(Emulator::ACCESS_KEY_ID, "guessed"))
            .with_signature(signature)
            .build()
            .unwrap();
        let demo = client.instance("demo");
        let delete = v2018::DeleteItemRequest::by_item("1000");
        let error: Error = demo.v2018().delete_item(delete).send().unwrap_err();
        let code = error.code().map(ToString::to_string);
        assert_eq!(code.as_deref(), Some("SignatureDoesNotMatch"), "{signature:?}");
    }
}
