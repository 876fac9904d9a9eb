//! Older versions, calls by name, and pages.

use imagesearch_core::{
    Image, Response,
    requests::{RawRequest, Request, SearchImageByNameRequest},
    testing::ReceivedCall,
    v2018, v2019,
};
use imagesearch_tests::pictures::png;

use crate::side::{Side, both};

const GOOD: &str = r#"{"Success": true, "RequestId": "R-1"}"#;

fn check<R: Request + Clone + std::fmt::Debug>(side: &Side<'_>, request: R) {
    let rule = side.rules.when::<R>().with(request.clone()).respond_json(GOOD);
    side.send(request).unwrap();
    let call = &rule.calls()[0];
    assert_eq!((call.version(), call.operation()), (R::OPERATION.version, R::OPERATION.name));
}

#[test]
fn older_versions_have_rules_of_their_own() {
    let picture = Image::from(png(640, 480));
    both(|side| {
        check(side, v2018::DeleteItemRequest::by_pictures("1", ["a.jpg"]));
        check(side, v2018::SearchItemRequest::new(picture.clone()));
        check(side, v2019::AddImageRequest::new("1", "a.png", picture.clone()));
        side.rules.verify().unwrap();
        // The same name in the newest version is another operation.
        let newest =
            imagesearch_core::requests::AddImageRequest::new("1", "a.png", picture.clone());
        assert!(side.send(newest).is_err());
    });
}

#[test]
fn calls_by_name_have_rules_by_name() {
    both(|side| {
        let rule = side
            .rules
            .when_operation("2020-12-14", "SearchImageByVoice")
            .matching(|call| call.has("Accent", "en") && call.has("Num", 10))
            .respond_json(r#"{"RequestId": "R-1", "Answer": 42}"#);
        let call = RawRequest::new("SearchImageByVoice").query("Accent", "en").form("Num", 10);
        let response = side.raw(call).unwrap();
        let answer = response.decode::<serde_json::Value>().unwrap();
        assert_eq!(answer["Answer"], 42);
        assert_eq!(rule.num_calls(), 1);
        assert!(side.raw(RawRequest::new("SearchImageByTouch")).is_err());
    });
}

/// A page of a search: full unless it starts beyond the 20th hit.
fn page(call: &ReceivedCall) -> String {
    let start =
        call.get("Start").and_then(imagesearch_core::parameters::Value::as_integer).unwrap_or(0);
    let hits: Vec<_> =
        (start..(start + 10).min(25)).map(|n| format!(r#"{{"PicName": "{n}"}}"#)).collect();
    format!(r#"{{"Auctions": [{}]}}"#, hits.join(","))
}

#[test]
fn pages_are_calls() {
    let request = || SearchImageByNameRequest::new("1", "front.jpg");
    let mut found = Vec::new();

    let mock = imagesearch_blocking::testing::Mock::new();
    let rule = mock
        .when::<SearchImageByNameRequest>()
        .respond_with(|call| Response::from_json(page(call)));
    let pages = mock.client().instance("shop").search_image_by_name(request()).pages();
    found.push(pages.map(|page| page.unwrap().auctions.len()).collect::<Vec<_>>());
    assert_eq!(rule.num_calls(), 3);

    let mock = imagesearch_async::testing::Mock::new();
    mock.when::<SearchImageByNameRequest>().respond_with(|call| Response::from_json(page(call)));
    let mut pages = mock.client().instance("shop").search_image_by_name(request()).pages();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    found.push(runtime.block_on(async {
        let mut sizes = Vec::new();
        while let Some(page) = pages.next_page().await {
            sizes.push(page.unwrap().auctions.len());
        }
        sizes
    }));
    assert_eq!(found, [[10, 10, 5], [10, 10, 5]]);
}
