//! What holds for every request and every answer of the two older versions, in both clients.

use std::collections::BTreeMap;

use imagesearch_core::{
    Error,
    body::Body,
    client::SignatureMethod,
    operation::{Kind, Location, Operation},
    parameters::{Parameters, Value},
    v2018, v2019,
};
use imagesearch_tests::{
    any_request::any_legacy_request,
    arrived::{Arrived, decoded},
    fake::answer,
    verifier::{verify_acs3, verify_roa},
    wire::{Async, Blocking, Caller, KEY, SECRET, Wire, raw_call, settings},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::{Value as Json, json};

const INSTANCE: &str = "shop";

type Verify = fn(&http::Request<Body>, &str, &str) -> Result<(), String>;

/// Runs a property; failures are not kept in files, since cases are small and seeds are printed.
fn check<S: Strategy>(
    cases: u32,
    strategy: S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&strategy, property).unwrap();
}

#[test]
fn both_clients_send_every_request_alike_signed_and_complete() {
    for (method, verify) in [
        (SignatureMethod::Acs3HmacSha256, verify_acs3 as Verify),
        (SignatureMethod::HmacSha1, verify_roa),
    ] {
        let wire = Wire::start();
        wire.answer_with(|_| answer(200, r#"{"Success":true,"Code":0}"#));
        let blocking = Blocking(settings(&wire.uri()).with_signature(method).build().unwrap());
        let asynchronous = settings(&wire.uri()).with_signature(method).build().unwrap();
        let asynchronous = Async(asynchronous, wire.runtime());
        check(192, any_legacy_request(), |(operation, parameters)| {
            let failed = |error: Error| TestCaseError::fail(error.to_string());
            let call = || raw_call(operation.name, &parameters).version(operation.version);
            blocking.call(INSTANCE, call()).map_err(failed)?;
            asynchronous.call(INSTANCE, call()).map_err(failed)?;
            let requests = wire.take();
            prop_assert_eq!(requests.len(), 2);
            prop_assert_eq!(Arrived::new(&requests[0]), Arrived::new(&requests[1]));
            for request in &requests {
                verify(request, KEY, SECRET).map_err(TestCaseError::fail)?;
                prop_assert_eq!(request.uri().path(), operation.path());
            }
            prop_assert_eq!(arrived(operation, &requests[0])?, expected(operation, &parameters));
            Ok(())
        });
    }
}

/// Reads back the parameters of a request, wherever they travelled.
fn arrived(
    operation: &Operation,
    request: &http::Request<Body>,
) -> Result<BTreeMap<String, Value>, TestCaseError> {
    let (all, unknown) = decoded(operation, request).map_err(|error| {
        TestCaseError::fail(format!("{error}: {:?}", request.body().to_bytes()))
    })?;
    prop_assert_eq!(unknown, Vec::<String>::new());
    Ok(sorted(&all))
}

/// Adds the instance, and the entries that the `^` body always has.
fn expected(operation: &Operation, parameters: &Parameters) -> BTreeMap<String, Value> {
    let mut all = parameters.clone();
    for parameter in operation.parameters {
        if parameter.scope {
            all.set(parameter.name, INSTANCE);
        }
        if let (Location::Caret, true, Some(default)) =
            (parameter.location, parameter.always_sent, parameter.default)
            && parameter.kind != Kind::PictureNames
            && all.get(parameter.name).is_none()
        {
            all.set(parameter.name, Value::parse(parameter.kind, default));
        }
    }
    sorted(&all)
}

fn sorted(parameters: &Parameters) -> BTreeMap<String, Value> {
    parameters.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

/// A hit, and how the answer spells it.
#[derive(Clone, Debug)]
struct Hit {
    item: String,
    picture: String,
    category: i32,
    content: String,
}

fn hits() -> impl Strategy<Value = Vec<Hit>> {
    let hit = ("\\PC{0,8}", "\\PC{0,8}", any::<i32>(), "\\PC{0,8}")
        .prop_map(|(item, picture, category, content)| Hit { item, picture, category, content });
    vec(hit, 0..5)
}

#[test]
fn every_documented_shape_of_a_search_of_2018_is_read() {
    let shape = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let item_key = select(vec!["ItemId", "ProductId"]);
    let message_key = select(vec!["Message", "Msg"]);
    check(256, (hits(), shape, item_key, message_key), |(hits, shape, item_key, message_key)| {
        let (wrap_hits, wrap_categories, category_texts, extra) = shape;
        let category = |number: i32| match category_texts {
            true => json!(number.to_string()),
            false => json!(number),
        };
        let list = |wrapped: bool, key: &str, list: Vec<Json>| match wrapped {
            true => json!({ key: list }),
            false => Json::Array(list),
        };
        let auctions = hits.iter().map(|hit| {
            json!({item_key: hit.item, "PicName": hit.picture, "CatId": category(hit.category),
                "CustContent": hit.content, "SortExprValues": "5.5;0"})
        });
        let categories =
            hits.iter().map(|hit| json!({"Id": category(hit.category), "Name": hit.content}));
        let mut body = json!({
            "RequestId": "R", "Success": true, "Code": 0, message_key: "success",
            "Head": {"SearchTime": 85, "DocsFound": hits.len(), "DocsReturn": hits.len()},
            "PicInfo": {
                "Category": category(7), "Region": "10,90,10,90",
                "AllCategory": list(wrap_categories, "Category", categories.collect()),
            },
            "Auctions": list(wrap_hits, "Auction", auctions.collect()),
        });
        if extra {
            body["Newer"] = json!([{"a": null}]);
        }
        let answer: v2018::SearchItemResponse = serde_json::from_str(&body.to_string())
            .map_err(|error| TestCaseError::fail(format!("{error}: {body}")))?;
        prop_assert_eq!(answer.message.as_deref(), Some("success"));
        let count = i32::try_from(hits.len()).ok();
        prop_assert_eq!(answer.head.and_then(|head| head.docs_found), count);
        let info = answer.pic_info.unwrap();
        prop_assert_eq!(info.category.as_deref(), Some("7"));
        let region = info.region.map(|it| it.to_string());
        prop_assert_eq!(region.as_deref(), Some("10,90,10,90"));
        let categories = info.all_category.map(|it| it.category).unwrap_or_default();
        prop_assert_eq!(categories.len(), hits.len());
        let auctions = answer.auctions.map(|it| it.auction).unwrap_or_default();
        prop_assert_eq!(auctions.len(), hits.len());
        for ((hit, auction), entry) in hits.iter().zip(&auctions).zip(&categories) {
            let number = hit.category.to_string();
            prop_assert_eq!(auction.item_id.as_deref(), Some(&*hit.item));
            prop_assert_eq!(auction.pic_name.as_deref(), Some(&*hit.picture));
            prop_assert_eq!(auction.cat_id.as_deref(), Some(&*number));
            prop_assert_eq!(auction.cust_content.as_deref(), Some(&*hit.content));
            prop_assert!(auction.sort_expr_values.is_some());
            prop_assert_eq!(entry.id.as_deref(), Some(&*number));
            prop_assert_eq!(entry.name.as_deref(), Some(&*hit.content));
        }
        Ok(())
    });
}

#[test]
fn every_documented_shape_of_a_search_of_2019_is_read() {
    check(256, (hits(), any::<bool>(), any::<bool>()), |(hits, category_texts, old_message)| {
        let category = |number: i32| match category_texts {
            true => json!(number.to_string()),
            false => json!(number),
        };
        let message_key = if old_message { "Message" } else { "Msg" };
        let body = json!({
            "RequestId": "R", "Success": true, "Code": 0, message_key: "success",
            "Head": {"SearchTime": 85, "DocsFound": hits.len(), "DocsReturn": hits.len()},
            "PicInfo": {
                "CategoryId": category(7), "Region": "10,90,10,90",
                "MultiRegion": [{"Region": "1,2,3,4"}],
                "AllCategories": hits.iter()
                    .map(|hit| json!({"Id": category(hit.category), "Name": hit.content}))
                    .collect::<Vec<_>>(),
            },
            "Auctions": hits.iter().map(|hit| json!({
                "ProductId": hit.item, "PicName": hit.picture, "CategoryId": category(hit.category),
                "CustomContent": hit.content, "SortExprValues": "5.5;0", "Score": 0.5,
                "IntAttr": hit.category, "StrAttr": hit.content,
            })).collect::<Vec<_>>(),
        });
        let answer: v2019::SearchImageResponse = serde_json::from_str(&body.to_string())
            .map_err(|error| TestCaseError::fail(format!("{error}: {body}")))?;
        prop_assert_eq!(answer.msg.as_deref(), Some("success"));
        prop_assert_eq!(answer.auctions.len(), hits.len());
        let info = answer.pic_info.unwrap();
        prop_assert_eq!((info.multi_region.len(), info.all_categories.len()), (1, hits.len()));
        for (hit, auction) in hits.iter().zip(&answer.auctions) {
            prop_assert_eq!(auction.product_id.as_deref(), Some(&*hit.item));
            prop_assert_eq!(auction.pic_name.as_deref(), Some(&*hit.picture));
            prop_assert_eq!(auction.category_id, Some(hit.category.into()));
            prop_assert_eq!(auction.int_attr, Some(hit.category));
            prop_assert_eq!(auction.score, Some(0.5));
        }
        Ok(())
    });
}
