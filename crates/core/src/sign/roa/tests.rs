//! The requests of the official SDK of 2018-01-20, stage by stage and from end to end.

use serde::Deserialize;

use std::borrow::Cow;

use super::*;
use crate::{credentials::Credentials, operation::Style, wire::WireBody};

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    credentials: Keys,
    timestamp: String,
    request: Recorded,
    string_to_sign: String,
    authorization: String,
    signature_value: String,
}

#[derive(Deserialize)]
struct Keys {
    access_key_id: String,
    access_key_secret: String,
    security_token: Option<String>,
}

#[derive(Deserialize)]
struct Recorded {
    method: String,
    path: String,
    query: std::collections::BTreeMap<String, Vec<String>>,
    headers: std::collections::BTreeMap<String, String>,
    body: String,
}

impl Recorded {
    fn query(&self) -> Vec<(String, String)> {
        let pairs = self.query.iter();
        pairs.flat_map(|(name, all)| all.iter().map(|it| (name.clone(), it.clone()))).collect()
    }

    fn header(&self, name: &'static str) -> (&'static str, Cow<'static, str>) {
        (name, self.headers[name].clone().into())
    }
}

fn vectors() -> Vec<Vector> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/legacy_roa_20180120.json");
    let text = std::fs::read_to_string(path).expect("the vectors are there");
    let vectors: Vectors = serde_json::from_str(&text).expect("the vectors can be read");
    assert_eq!(vectors.cases.len(), 12);
    vectors.cases
}

fn timestamp(date: &str) -> Timestamp {
    let zoned = jiff::fmt::rfc2822::parse(date).expect("is a date");
    Timestamp::from_millisecond(zoned.timestamp().as_millisecond())
}

fn headers(list: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    list.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

fn value<'a>(signed: &'a SigningInstructions, name: &str) -> Option<&'a str> {
    signed.headers.iter().find(|(it, _)| *it == name).map(|(_, value)| value.as_str())
}

#[test]
fn every_stage_equals_the_official_one() {
    for vector in vectors() {
        let (id, sent) = (&vector.id, &vector.request);
        let sent_headers: Vec<(&str, &str)> =
            sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let canonical = canonical_headers(&sent_headers);
        let query = sent.query();
        let resource = canonical_resource(&sent.path, as_pairs(&query));
        let canonical = canonical + &resource;
        assert!(vector.string_to_sign.ends_with(&canonical), "{id}: {canonical}");
        let md5 = content_md5(&Body::from(sent.body.clone()));
        assert_eq!(md5, sent.headers["content-md5"], "{id}: Content-MD5");
        let to_sign = string_to_sign(&sent.method, &sent_headers, &canonical);
        assert_eq!(to_sign, vector.string_to_sign, "{id}: string to sign");
        let signature = signature(&vector.credentials.access_key_secret, &to_sign);
        assert_eq!(signature, vector.signature_value, "{id}: signature");
    }
}

#[test]
fn a_signed_request_has_the_headers_of_the_official_one() {
    for vector in vectors() {
        let (id, sent) = (&vector.id, &vector.request);
        let given = ["host", "accept", "x-acs-action", "x-acs-region-id", "x-acs-version"]
            .map(|name| sent.header(name));
        let keys = &vector.credentials;
        let (key, secret) = (&*keys.access_key_id, &*keys.access_key_secret);
        let credentials = match &keys.security_token {
            Some(token) => Credentials::sts(key, secret, &**token),
            None => Credentials::access_key(key, secret),
        };
        let path: &'static str = sent.path.clone().leak();
        let mut request = request(path, sent.body.clone());
        request.method = sent.method.parse().expect("is a method");
        request.query =
            sent.query().into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect();
        request.headers = given.to_vec();
        let context = SigningContext::new(&credentials, timestamp(&vector.timestamp));
        let signed = sign(&request, request.body.to_body(), &context);
        assert_eq!(value(&signed, "authorization"), Some(&*vector.authorization), "{id}");
        assert_eq!(signed.stages.string_to_sign, vector.string_to_sign, "{id}");
        assert_eq!(signed.stages.signature, vector.signature_value, "{id}");
        assert!(signed.query.is_empty(), "{id}");
        for (name, value) in &signed.headers {
            assert_eq!(Some(value), sent.headers.get(*name), "{id}: {name}");
        }
        let added: Vec<&str> = signed.headers.iter().map(|(name, _)| *name).collect();
        for (name, _) in &given {
            assert!(!added.contains(name), "{id}: {name} twice");
        }
        let token = sent.headers.get("x-acs-security-token").map(String::as_str);
        assert_eq!(value(&signed, "x-acs-security-token"), token, "{id}");
    }
}

/// The deletion of two pictures that the vendor's page shows, with the values it does not show
/// filled in.
fn published(credentials: &Credentials, body: &str) -> SigningInstructions {
    let mut request = request("/item/delete", body.to_owned());
    request.add_query("instanceName", "goodssearch");
    request.headers =
        vec![("accept", "application/json".into()), ("x-acs-version", "2018-01-20".into())];
    let context = SigningContext::new(credentials, timestamp("Thu, 22 Feb 2018 07:03:05 GMT"))
        .with_nonce("550e8400-e29b-41d4-a716-446655440000");
    sign(&request, request.body.to_body(), &context)
}

fn request(path: &'static str, body: String) -> WireRequest {
    let (host, style) = ("imagesearch.cn-shanghai.aliyuncs.com", Style::Roa { path });
    let endpoint = host.parse().expect("is a host");
    let mut request =
        WireRequest::new(endpoint, http::Method::POST, style, "DeleteItem", "2018-01-20");
    request.body = WireBody::Caret(Body::from(body));
    request
}

fn as_pairs(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

const PUBLISHED_BODY: &str = "item_id,0,4#pic_list,4,37^1000c2hvZXMxLmpwZw==,c2hvZXMyLmpwZw==";

#[test]
fn the_published_example_is_signed_with_its_nonce() {
    let signed = published(&Credentials::access_key("testid", "testsecret"), PUBLISHED_BODY);
    let expected = headers(&[
        ("date", "Thu, 22 Feb 2018 07:03:05 GMT"),
        ("content-md5", "TivR4OYjdwap9g2NjPwe/g=="),
        ("x-acs-signature-nonce", "550e8400-e29b-41d4-a716-446655440000"),
        ("x-acs-signature-method", "HMAC-SHA1"),
        ("x-acs-signature-version", "1.0"),
        ("authorization", "acs testid:AVntqpdZCNESFwtCi7mVod74i9Y="),
    ]);
    assert_eq!(signed.headers, expected);
    assert_eq!(
        signed.stages,
        Stages {
            canonical_request: "x-acs-signature-method:HMAC-SHA1\n\
                x-acs-signature-nonce:550e8400-e29b-41d4-a716-446655440000\n\
                x-acs-signature-version:1.0\nx-acs-version:2018-01-20\n\
                /item/delete?instanceName=goodssearch"
                .to_owned(),
            string_to_sign: "POST\napplication/json\nTivR4OYjdwap9g2NjPwe/g==\n\
                application/octet-stream\nThu, 22 Feb 2018 07:03:05 GMT\n\
                x-acs-signature-method:HMAC-SHA1\n\
                x-acs-signature-nonce:550e8400-e29b-41d4-a716-446655440000\n\
                x-acs-signature-version:1.0\nx-acs-version:2018-01-20\n\
                /item/delete?instanceName=goodssearch"
                .to_owned(),
            signature: "AVntqpdZCNESFwtCi7mVod74i9Y=".to_owned(),
            is_hashed: false,
        }
    );
}

#[test]
fn a_bearer_token_is_put_in_place_and_signs_nothing() {
    let signed = published(&Credentials::bearer("token"), PUBLISHED_BODY);
    let expected = headers(&[
        ("date", "Thu, 22 Feb 2018 07:03:05 GMT"),
        ("content-md5", "TivR4OYjdwap9g2NjPwe/g=="),
        ("x-acs-signature-nonce", "550e8400-e29b-41d4-a716-446655440000"),
        ("x-acs-signature-type", "BEARERTOKEN"),
        ("x-acs-bearer-token", "token"),
    ]);
    assert_eq!(signed.headers, expected);
    assert_eq!(signed.stages, Stages::default());
}

#[test]
fn without_a_body_there_is_no_md5_and_its_line_is_empty() {
    let signed = published(&Credentials::access_key("testid", "testsecret"), "");
    assert_eq!(value(&signed, "content-md5"), None);
    let start = "POST\napplication/json\n\napplication/octet-stream\nThu, ";
    assert!(signed.stages.string_to_sign.starts_with(start), "{}", signed.stages.string_to_sign);
}

#[test]
fn canonical_headers_are_sorted_by_name_and_trimmed() {
    let headers = [("x-acs-b", " 2 "), ("accept", "x"), ("x-acs-a-long", "3"), ("x-acs-a", "1")];
    assert_eq!(canonical_headers(&headers), "x-acs-a:1\nx-acs-a-long:3\nx-acs-b:2\n");
    assert_eq!(canonical_headers(&[]), "");
}

#[test]
fn canonical_resources_are_sorted_and_raw() {
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[], "/p"),
        (&[("b", "2"), ("a", "1")], "/p?a=1&b=2"),
        (&[("b", ""), ("a", "")], "/p?a&b"),
        (&[("a", "演示 a+b&c=d~*")], "/p?a=演示 a+b&c=d~*"),
        (&[("a", "2"), ("B", "3"), ("a", "1")], "/p?B=3&a=1&a=2"),
    ];
    for (query, expected) in cases {
        assert_eq!(canonical_resource("/p", query.iter().copied()), expected);
    }
}

#[test]
fn dates_are_those_of_http() {
    let cases = [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        (1_767_266_553_999, "Thu, 01 Jan 2026 11:22:33 GMT"),
        (1_709_164_800_000, "Thu, 29 Feb 2024 00:00:00 GMT"),
        (i64::MAX, "9223372036854775"),
        (i64::MIN, "-9223372036854776"),
    ];
    for (millisecond, expected) in cases {
        assert_eq!(http_date(Timestamp::from_millisecond(millisecond)), expected);
    }
}
