//! Every sample answer, decoded, looked at and written again.

use imagesearch_core::{
    answers::{
        AddImageResponse, DeleteImageResponse, DetailResponse, DumpMetaListResponse,
        DumpMetaResponse, IncreaseInstanceResponse, IncreaseListResponse,
        SearchImageByNameResponse, SearchImageByPicResponse, ServiceType, TaskStatus,
        UpdateImageResponse,
    },
    values::{CategoryId, TaskId, Timestamp},
};
use imagesearch_tests::{
    answers::comparable,
    vectors::{sample, sample_names},
};
use serde::{Serialize, de::DeserializeOwned};

/// Decodes a sample, checks that writing it again loses nothing, and returns it.
///
/// `comparable` lists what is not kept: `null` (the `Region` of one sample), empty lists
/// (`MultiRegion`, `AllCategories`) and the fraction of `"Score": 1.0`.
fn reread<T: DeserializeOwned + Serialize>(name: &str) -> T {
    let text = sample(name);
    let typed: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let rewritten = serde_json::to_value(&typed).unwrap();
    let original: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(comparable(rewritten), comparable(original), "{name}");
    typed
}

#[test]
fn every_sample_is_read_by_a_test() {
    assert_eq!(
        sample_names(),
        [
            "add_image.go.json",
            "add_image.node.json",
            "delete_image.go.json",
            "detail.go.json",
            "dump_meta.node.json",
            "dump_meta_list.node.json",
            "increase_instance.node.json",
            "increase_list.go.json",
            "increase_list.node.json",
            "legacy_item_add.json",
            "search_image_by_name.go.json",
            "search_image_by_name.reference.json",
            "search_image_by_pic.go.json",
            "search_image_by_pic.node.json",
            "update_image.go.json",
        ]
    );
}

#[test]
fn stored_pictures_have_a_category_and_a_box() {
    for (name, category, request_id) in [
        ("add_image.go.json", 2, "B48CC953-F495-496C-BC96-B96826A860F1"),
        ("add_image.node.json", 0, "B85D5B4A-92AF-44C1-A3FB-9B554950F8D1"),
    ] {
        let answer: AddImageResponse = reread(name);
        assert_eq!(answer.request_id.as_deref(), Some(request_id), "{name}");
        assert_eq!((answer.success, answer.code), (Some(true), Some(0)), "{name}");
        assert_eq!(answer.message.as_deref(), Some("success"), "{name}");
        let info = answer.pic_info.unwrap();
        assert_eq!(info.category_id.map(CategoryId::get), Some(category), "{name}");
        assert_eq!(info.region.unwrap().to_string(), "167,477,220,407", "{name}");
    }
}

#[test]
fn short_answers_have_their_request_id() {
    let deleted: DeleteImageResponse = reread("delete_image.go.json");
    assert_eq!(deleted.request_id.as_deref(), Some("C9432066-8918-447F-858B-B4B11E2A6941"));
    assert_eq!((deleted.success, deleted.code), (Some(true), Some(0)));
    let updated: UpdateImageResponse = reread("update_image.go.json");
    assert_eq!(updated.request_id.as_deref(), Some("63AB5A70-D314-13F9-AB28-0A7F03C7FC85"));
    assert_eq!((updated.success, updated.code), (Some(true), Some(0)));
    // The API of 2018-01-20 answers an addition with these fields alone.
    let added: AddImageResponse = reread("legacy_item_add.json");
    assert_eq!(added.request_id.as_deref(), Some("73B5133C-84EE-4F0A-B972-23CCCBFB7CD5"));
    assert_eq!((added.success, added.code, added.pic_info), (Some(true), Some(0), None));
}

#[test]
fn an_instance_has_its_times_from_strings() {
    let answer: DetailResponse = reread("detail.go.json");
    assert_eq!(answer.success, Some(true));
    let instance = answer.instance.unwrap();
    assert_eq!(instance.name.as_deref(), Some("xxxxx"));
    assert_eq!(instance.region.as_deref(), Some("cn-shanghai"));
    assert_eq!(instance.service_type, Some(ServiceType::Product));
    assert_eq!((instance.capacity, instance.qps), (Some(10), Some(1)));
    assert_eq!(instance.total_count, Some(99_999));
    assert_eq!(instance.utc_create, Some(Timestamp::from_millisecond(1_620_382_716_000)));
    assert_eq!(instance.utc_expire_time, Some(Timestamp::from_millisecond(1_623_081_600_000)));
}

#[test]
fn started_tasks_have_their_number_from_a_string() {
    let export: DumpMetaResponse = reread("dump_meta.node.json");
    let export = export.data.unwrap();
    assert_eq!(export.id, Some(TaskId::new(571)));
    assert_eq!(export.dump_meta_status, Some(TaskStatus::Processing));
    let batch: IncreaseInstanceResponse = reread("increase_instance.node.json");
    let batch = batch.data.unwrap();
    assert_eq!(batch.id, Some(TaskId::new(1474)));
    assert_eq!(batch.increment_status, Some(TaskStatus::Processing));
}

#[test]
fn exports_are_listed_with_number_and_times() {
    let page: DumpMetaListResponse = reread("dump_meta_list.node.json");
    let page = page.data.unwrap();
    assert_eq!((page.page_number, page.page_size, page.total_count), (Some(1), Some(1), Some(1)));
    let [export] = &page.dump_meta_list[..] else { panic!("{page:?}") };
    assert_eq!(export.id, Some(TaskId::new(567)));
    assert_eq!(export.status, Some(TaskStatus::Success));
    assert_eq!((export.code.as_deref(), export.msg.as_deref()), (Some("0"), Some("success")));
    assert_eq!(export.meta_url.as_deref(), Some("https://xxx/xxx"));
    assert_eq!(export.utc_create, Some(Timestamp::from_millisecond(1_639_969_113_000)));
    assert_eq!(export.utc_modified, Some(Timestamp::from_millisecond(1_639_969_140_000)));
}

#[test]
fn batch_tasks_are_listed_with_bucket_and_path() {
    for (name, id, bucket, path, url) in [
        ("increase_list.go.json", 1470, "xxxx", "/x/x", "https://xxTqoxxres=16706x\\u0xM%3D"),
        ("increase_list.node.json", 1464, "cccxxx", "/public/xxx", "https://x/x"),
    ] {
        let page: IncreaseListResponse = reread(name);
        let tasks = page.data.unwrap().increments.unwrap().instance;
        let [task] = &tasks[..] else { panic!("{name}: {tasks:?}") };
        assert_eq!(task.id, Some(TaskId::new(id)), "{name}");
        assert_eq!(task.status, Some(TaskStatus::Normal), "{name}");
        assert_eq!(task.bucket_name.as_deref(), Some(bucket), "{name}");
        assert_eq!(task.path.as_deref(), Some(path), "{name}");
        assert_eq!(task.error_url.as_deref(), Some(url), "{name}");
        assert_eq!(task.callback_address, None, "{name}");
        let modified = Timestamp::from_millisecond(1_639_125_540_000);
        assert_eq!(task.utc_modified, Some(modified), "{name}");
    }
}

#[test]
fn hits_by_name_have_score_attributes_and_the_old_ranking() {
    let answer: SearchImageByNameResponse = reread("search_image_by_name.go.json");
    assert_eq!(answer.msg.as_deref(), Some("success"));
    let head = answer.head.unwrap();
    assert_eq!((head.docs_found, head.docs_return, head.search_time), (Some(1), Some(1), Some(12)));
    let [hit] = &answer.auctions[..] else { panic!("{:?}", answer.auctions) };
    assert_eq!((hit.product_id.as_deref(), hit.pic_name.as_deref()), (Some("php"), Some("test")));
    assert_eq!(
        (hit.score, hit.int_attr, hit.str_attr.as_deref()),
        (Some(1.0), Some(100), Some("1"))
    );
    assert_eq!(hit.custom_content.as_deref(), Some("this is a simple test!"));
    let ranking = hit.sort_expr_values.as_ref().unwrap();
    assert_eq!((ranking.score(), ranking.order()), (Some(7.331_364_437_112_19e24), Some(0)));
    let info = answer.pic_info.unwrap();
    // The sample has `"Region": null`.
    assert_eq!(info.region, None);
    let boxes: Vec<String> =
        info.multi_region.iter().map(|it| it.region.unwrap().to_string()).collect();
    assert_eq!(boxes, ["112,440,76,387", "383,681,291,549"]);

    let answer: SearchImageByNameResponse = reread("search_image_by_name.reference.json");
    assert_eq!(answer.request_id.as_deref(), Some("D61D869E-E92A-447F-AD67-9234F999E516"));
    let info = answer.pic_info.unwrap();
    assert_eq!(info.all_categories.len(), 14);
    let last = info.all_categories.last().unwrap();
    assert_eq!(last.name.as_deref(), Some("Other"));
    assert_eq!(info.region.unwrap().to_string(), "111,697,113,774");
}

#[test]
fn hits_by_picture_come_in_order() {
    for (name, hits, found, products) in [
        ("search_image_by_pic.go.json", 1, 1, &["php"][..]),
        ("search_image_by_pic.node.json", 2, 5, &["1000", "123455"]),
    ] {
        let answer: SearchImageByPicResponse = reread(name);
        assert_eq!((answer.success, answer.code), (Some(true), Some(0)), "{name}");
        assert_eq!(answer.auctions.len(), hits, "{name}");
        assert_eq!(answer.head.unwrap().docs_found, Some(found), "{name}");
        let ids = answer.auctions.iter().map(|hit| hit.product_id.as_deref().unwrap());
        assert_eq!(ids.collect::<Vec<_>>(), products, "{name}");
        assert!(answer.auctions.iter().all(|hit| hit.score == Some(1.0)), "{name}");
        let region = answer.pic_info.unwrap().region.unwrap().to_string();
        assert!(["167,476,220,407", "167,477,220,407"].contains(&&*region), "{name}: {region}");
    }
}
