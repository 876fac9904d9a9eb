use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;

#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
struct Row {
    #[serde(deserialize_with = "string")]
    text: Option<String>,
    #[serde(deserialize_with = "int32")]
    number: Option<i32>,
    #[serde(deserialize_with = "boolean")]
    flag: Option<bool>,
    #[serde(deserialize_with = "double")]
    score: Option<f64>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Wrapped {
    #[serde(deserialize_with = "list")]
    rows: Vec<Row>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Answer {
    #[serde(deserialize_with = "first_of_list")]
    first: Option<Row>,
    #[serde(deserialize_with = "bare_list")]
    wrapped: Option<Wrapped>,
    #[serde(deserialize_with = "timestamp")]
    time: Option<Timestamp>,
    #[serde(deserialize_with = "bounding_box")]
    region: Option<BoundingBox>,
}

#[test]
fn reads_scalars_in_any_of_their_forms() {
    let row = |text: &str, number, flag, score| Row {
        text: Some(text.to_owned()),
        number: Some(number),
        flag: Some(flag),
        score: Some(score),
    };
    for (answer, expected) in [
        (json!({"text": "a", "number": 1, "flag": true, "score": 0.5}), row("a", 1, true, 0.5)),
        (json!({"text": 7, "number": "1", "flag": "true", "score": "0.5"}), row("7", 1, true, 0.5)),
        (json!({"text": 7, "number": 1.0, "flag": 0, "score": 1}), row("7", 1, false, 1.0)),
        (json!({"text": null, "number": null, "flag": null, "score": null}), Row::default()),
        (json!({"text": [], "number": {}, "flag": "maybe", "score": "x"}), Row::default()),
        (json!({"number": 99_999_999_999_i64, "unknown": {"deep": [1]}}), Row::default()),
        (json!({}), Row::default()),
    ] {
        let row: Row = serde_json::from_value(answer.clone()).unwrap();
        assert_eq!(row, expected, "{answer}");
    }
}

#[test]
fn reads_objects_and_lists_in_place_of_each_other() {
    let row = || Row { number: Some(5), ..Row::default() };
    for answer in [
        json!({"first": {"number": 5}, "wrapped": {"rows": [{"number": 5}]}}),
        json!({"first": [{"number": 5}], "wrapped": [{"number": "5"}]}),
        json!({"first": [{"number": 5}, {}], "wrapped": {"rows": {"number": 5}}}),
    ] {
        let answer: Answer = serde_json::from_value(answer).unwrap();
        assert_eq!(answer.first, Some(row()));
        assert_eq!(answer.wrapped, Some(Wrapped { rows: vec![row()] }));
    }
    for answer in [json!({"first": [], "wrapped": null}), json!({"first": 1, "wrapped": "x"})] {
        assert_eq!(serde_json::from_value::<Answer>(answer).unwrap(), Answer::default());
    }
}

#[test]
fn takes_one_spelling_of_a_field() {
    use crate::{generated::answers::DeleteImageResponse, v2018};

    for (answer, message) in [
        (r#"{"Message": "a", "Msg": "b"}"#, Some("a")),
        (r#"{"Msg": "b", "Message": "a"}"#, Some("a")),
        (r#"{"Message": null, "Msg": "b"}"#, Some("b")),
        (r#"{"Message": null, "Msg": null}"#, None),
        (r#"{"Message": "a", "Message": "b"}"#, Some("b")),
        ("\u{feff}{}", None),
    ] {
        let answer = Value::Object(parse(answer.as_bytes()).unwrap());
        let read: DeleteImageResponse = decode(answer.clone()).unwrap();
        assert_eq!(read.message.as_deref(), message, "{answer}");
        // Types that do not say that the two are one field get both.
        assert_eq!(decode::<Value>(answer.clone()).unwrap(), answer);
        assert!(decode::<Option<DeleteImageResponse>>(answer).unwrap().is_some());
    }
    let hits =
        json!({"Auctions": {"Auction": [{"ItemId": "1", "ProductId": "2"}, {"ItemId": "3"}]}});
    let hits: v2018::SearchItemResponse = decode(hits).unwrap();
    let ids = hits.auctions.unwrap().auction.into_iter().map(|hit| hit.item_id.unwrap());
    assert_eq!(ids.collect::<Vec<_>>(), ["1", "3"]);
}

#[test]
fn reads_times_and_boxes() {
    for (answer, time, region) in [
        (json!({"time": "1620382716000", "region": "1,2,3,4"}), Some(1_620_382_716_000), true),
        (
            json!({"time": 1_620_382_716_000_i64, "region": " 1, 2,3,4"}),
            Some(1_620_382_716_000),
            true,
        ),
        (json!({"time": "2021-05-07T10:18:36Z", "region": null}), Some(1_620_382_716_000), false),
        (json!({"time": "soon", "region": "2,1,3,4"}), None, false),
    ] {
        let answer: Answer = serde_json::from_value(answer).unwrap();
        assert_eq!(answer.time.map(Timestamp::as_millisecond), time);
        assert_eq!(answer.region.is_some(), region);
    }
}
