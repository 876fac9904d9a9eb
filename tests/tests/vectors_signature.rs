//! Every recorded request of the official SDKs, against the signers stage by stage and against the
//! requests that core builds of the same values.

use std::collections::{BTreeMap, BTreeSet};

use imagesearch_core::{
    body::Body,
    caret::CaretText,
    client::{Endpoint, SignatureMethod},
    sign::{SigningContext, Stages, acs3, canonical_query, rpc, sign},
    wire::encode,
};
use imagesearch_tests::{
    arrived::as_pairs,
    vectors::{Multimap, Placement, RequestVector, requests},
    verifier::{decode_form, decode_query, multimap, verify_acs3, verify_rpc},
};

/// What `HMAC-SHA1` adds to the query.
const PROTOCOL: &[&str] = &[
    "AccessKeyId",
    "Action",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

fn all() -> Vec<RequestVector> {
    let [python, node] = ["python", "node"].map(requests);
    assert_eq!((python.len(), node.len()), (190, 190));
    python.into_iter().chain(node).collect()
}

#[test]
fn every_acs3_stage_equals_the_official_one() {
    let mut count = 0;
    for vector in all().iter().filter(|vector| vector.is_acs3()) {
        let (id, sent) = (&vector.id, &vector.request);
        let headers: Vec<(&str, &str)> = vector
            .signed_headers
            .iter()
            .map(|name| (name.as_str(), sent.headers[name].as_str()))
            .collect();
        let canonical = acs3::canonical_request(
            &sent.method,
            &sent.path,
            as_pairs(&pairs(&sent.query)),
            &headers,
            &sent.body_sha256,
        );
        assert_eq!(canonical, vector.canonical_request, "{id}: canonical request");
        let names = acs3::signed_headers(&headers);
        assert_eq!(names, vector.signed_headers.join(";"), "{id}: signed headers");
        let to_sign = acs3::string_to_sign(&canonical);
        assert_eq!(to_sign, vector.string_to_sign, "{id}: string to sign");
        let signature = acs3::signature(&vector.credentials.access_key_secret, &to_sign);
        assert_eq!(signature, vector.signature_value, "{id}: signature");
        count += 1;
    }
    assert_eq!(count, 190);
}

#[test]
fn every_rpc_stage_equals_the_official_one() {
    let mut count = 0;
    for vector in all().iter().filter(|vector| !vector.is_acs3()) {
        let (id, sent) = (&vector.id, &vector.request);
        let mut signed = pairs(&sent.query);
        signed.retain(|(name, _)| name != "Signature");
        signed.extend(sent.form.iter().flat_map(pairs));
        let canonical = canonical_query(as_pairs(&signed));
        assert_eq!(canonical, vector.canonical_request, "{id}: canonical query");
        let to_sign = rpc::string_to_sign(&sent.method, &canonical);
        assert_eq!(to_sign, vector.string_to_sign, "{id}: string to sign");
        let signature = rpc::signature(&vector.credentials.access_key_secret, &to_sign);
        assert_eq!(signature, vector.signature_value, "{id}: signature");
        count += 1;
    }
    assert_eq!(count, 190);
}

#[test]
fn requests_of_the_same_values_go_where_the_official_ones_go() {
    let mut placements = 0;
    for vector in &all() {
        let (id, sent) = (&vector.id, &vector.request);
        let request = build(vector).0;
        assert_eq!(request.method(), sent.method.as_str(), "{id}: method");
        assert_eq!(request.uri().path(), sent.path, "{id}: path");
        for name in ["host", "x-acs-action", "x-acs-version"] {
            assert_eq!(request.headers()[name], sent.headers[name], "{id}: {name}");
        }
        let content_type = request.headers().get("content-type").map(|it| it.to_str().unwrap());
        let expected = sent.headers.get("content-type").map(String::as_str);
        assert_eq!(content_type, expected, "{id}: content type");

        let mut query = decoded(decode_query(&request));
        let form = decoded(decode_form(&request));
        let mut expected = sent.query.clone();
        query.retain(|name, _| !PROTOCOL.contains(&name.as_str()));
        expected.retain(|name, _| !PROTOCOL.contains(&name.as_str()));
        let placement = Placement {
            query: query.keys().cloned().collect(),
            body: form.keys().cloned().collect(),
        };
        assert_eq!(placement, vector.placement, "{id}: placement");
        assert_eq!(query, as_we_write(vector, &expected), "{id}: query");
        let expected = sent.form.clone().unwrap_or_default();
        assert_eq!(form, as_we_write(vector, &expected), "{id}: form");
        placements += query.len() + form.len();
    }
    assert_eq!(placements, 1_456);
}

#[test]
fn rpc_signatures_of_the_same_values_equal_those_of_node() {
    let (mut equal, mut apart) = (0, 0);
    for vector in requests("node").iter().filter(|vector| !vector.is_acs3()) {
        let (request, stages) = build(vector);
        // Rust never writes exponents; no threshold the service takes has one.
        if vector.id.contains(".threshold-float-exp.") {
            apart += 1;
            assert_ne!(stages.signature, vector.signature_value, "{}", vector.id);
            continue;
        }
        let id = &vector.id;
        assert_eq!(stages.string_to_sign, vector.string_to_sign, "{id}: string to sign");
        assert_eq!(stages.signature, vector.signature_value, "{id}: signature");
        let query = decoded(decode_query(&request));
        assert_eq!(
            query["Signature"],
            std::slice::from_ref(&vector.signature_value),
            "{id}: query"
        );
        equal += 1;
    }
    assert_eq!((equal, apart), (94, 1));
}

#[test]
fn the_second_verifier_accepts_what_the_official_sdks_sent() {
    for vector in &all() {
        let keys = &vector.credentials;
        let verify = if vector.is_acs3() { verify_acs3 } else { verify_rpc };
        let request = vector.request.arrived();
        verify(&request, &keys.access_key_id, &keys.access_key_secret)
            .unwrap_or_else(|why| panic!("{}: {why}", vector.id));
    }
}

#[test]
fn the_second_verifier_accepts_what_core_builds_and_nothing_altered() {
    for vector in &all() {
        let id = &vector.id;
        let (key, secret) =
            (&vector.credentials.access_key_id, &vector.credentials.access_key_secret);
        let verify = if vector.is_acs3() { verify_acs3 } else { verify_rpc };
        let request = build(vector).0;
        verify(&request, key, secret).unwrap_or_else(|why| panic!("{id}: {why}"));

        assert!(verify(&request, key, "another").is_err(), "{id}: secret");
        let mut altered = request.clone();
        *altered.method_mut() = http::Method::PUT;
        assert!(verify(&altered, key, secret).is_err(), "{id}: method");
        let mut altered = request.clone();
        let separator = if request.uri().query().is_some() { '&' } else { '?' };
        *altered.uri_mut() = format!("{}{separator}Num=99", request.uri()).parse().unwrap();
        assert!(verify(&altered, key, secret).is_err(), "{id}: query");
        if request.headers().contains_key("content-type") {
            let body = [request.body().to_bytes(), "&Num=99".into()];
            let altered = request.clone().map(|_| imagesearch_core::body::Body::new(body));
            assert!(verify(&altered, key, secret).is_err(), "{id}: form");
        }
        if vector.is_acs3() {
            let mut altered = request;
            altered.headers_mut().insert("x-acs-action", "DumpMeta2".parse().unwrap());
            assert!(verify(&altered, key, secret).is_err(), "{id}: action");
        }
    }
}

#[test]
fn the_headers_are_those_that_the_gateway_reads_and_no_others() {
    for vector in &all() {
        let id = &vector.id;
        let request = build(vector).0;
        let mut expected = BTreeSet::from(["host", "accept", "x-acs-action", "x-acs-version"]);
        if !vector.placement.body.is_empty() || vector.described_by().has_form() {
            expected.insert("content-type");
        }
        if vector.is_acs3() {
            expected.extend([
                "authorization",
                "x-acs-content-sha256",
                "x-acs-date",
                "x-acs-signature-nonce",
            ]);
            if vector.credentials.security_token.is_some() {
                expected.extend(["x-acs-accesskey-id", "x-acs-security-token"]);
            }
        }
        let names: Vec<&str> = request.headers().keys().map(http::HeaderName::as_str).collect();
        assert_eq!(names.len(), request.headers().len(), "{id}: a header occurs twice");
        assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), expected, "{id}");
        for name in expected.iter().filter(|name| {
            ["x-acs-accesskey-id", "x-acs-security-token", "x-acs-date", "x-acs-signature-nonce"]
                .contains(name)
        }) {
            assert_eq!(request.headers()[*name], vector.request.headers[*name], "{id}: {name}");
        }
    }
}

#[test]
fn the_vectors_hold_what_the_tests_are_about() {
    let mut tags: BTreeMap<String, usize> = BTreeMap::new();
    let mut sts = 0;
    for vector in all() {
        sts += usize::from(vector.credentials.security_token.is_some());
        for tag in vector.tags {
            *tags.entry(tag).or_default() += 1;
        }
    }
    let expected =
        [("bigint", 8), ("bool", 44), ("empty", 56), ("float", 20), ("py-node-differ", 8)];
    assert_eq!(tags, expected.map(|(tag, count)| (tag.to_owned(), count)).into());
    assert_eq!(sts, 190);
}

/// Builds core's request of a vector's values, key, time and nonce.
fn build(vector: &RequestVector) -> (http::Request<Body>, Stages) {
    let id = &vector.id;
    let operation = vector.described_by();
    let endpoint: Endpoint = vector.request.headers["host"].parse().unwrap();
    let request = encode(&endpoint, operation, &vector.typed_parameters(), CaretText::Ascii)
        .unwrap_or_else(|unknown| panic!("{id}: {unknown}"));
    let method = match vector.is_acs3() {
        true => SignatureMethod::Acs3HmacSha256,
        false => SignatureMethod::HmacSha1,
    };
    let credentials = vector.credentials.credentials();
    let context = SigningContext::new(&credentials, vector.signed_at()).with_nonce(&vector.nonce);
    let signed = sign(method, &request, &context);
    let request = signed.apply(&request).unwrap_or_else(|error| panic!("{id}: {error}"));
    (request, signed.stages)
}

/// Rewrites the two kinds of value whose spelling the SDKs do not agree on: booleans and floats.
fn as_we_write(vector: &RequestVector, sent: &Multimap) -> Multimap {
    let mut sent = sent.clone();
    for (name, value) in &vector.parameters {
        let Some(texts) = sent.get_mut(name) else {
            continue;
        };
        let [text] = &mut texts[..] else { panic!("{}: {name} was sent twice", vector.id) };
        if let Some(flag) = value.as_bool() {
            assert_eq!(text.to_lowercase(), flag.to_string(), "{}: {name}", vector.id);
            *text = text.to_lowercase();
        } else if value.is_f64() {
            let number: f64 = text.parse().unwrap();
            assert_eq!(Some(number), value.as_f64(), "{}: {name}", vector.id);
            *text = number.to_string();
        }
    }
    sent
}

fn pairs(map: &Multimap) -> Vec<(String, String)> {
    let each = |(name, values): (&String, &Vec<String>)| {
        let name = name.clone();
        values.clone().into_iter().map(move |value| (name.clone(), value)).collect::<Vec<_>>()
    };
    map.iter().flat_map(each).collect()
}

fn decoded(pairs: Result<Vec<(String, String)>, String>) -> Multimap {
    multimap(pairs.unwrap_or_else(|why| panic!("{why}")))
}
