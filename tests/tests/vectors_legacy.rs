//! Every recorded request of 2018-01-20, built again from its values, and the published bodies.

use bytes::Bytes;
use imagesearch_core::{
    Image,
    body::Body,
    caret::{CaretBody, CaretText},
    client::{Endpoint, SignatureMethod},
    operation::Operation,
    parameters::{Parameters, Picture, Value},
    sign::{SigningContext, Stages, roa, sign},
    wire::{decode_caret, encode},
};
use imagesearch_tests::{
    arrived::encoded,
    legacy::{LegacyVector, VERSION, vectors},
    verifier::verify_roa,
};

/// The deletion of two pictures, as the vendor's page has it.
const DELETION: &str = "item_id,0,4#pic_list,4,37^1000c2hvZXMxLmpwZw==,c2hvZXMyLmpwZw==";

/// The addition of two pictures with the offsets of the vendor's page.
const ADDITION: &str = "cust_content,0,17#item_id,17,21#c2hvZXMyLmpwZw==,21,37#cat_id,37,38\
    #pic_list,38,71#c2hvZXMxLmpwZw==,71,87^{\"key1\":\"value1\"}1000cGljX2NvbnRlbnQy0\
    c2hvZXMxLmpwZw==,c2hvZXMyLmpwZw==cGljX2NvbnRlbnQx";

#[test]
fn every_request_is_that_of_the_official_sdk() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 12);
    for vector in &vectors {
        let (id, sent) = (&vector.id, &vector.request);
        let (request, stages) = build(vector);
        assert_eq!(request.method(), sent.method.as_str(), "{id}");
        assert_eq!(request.uri().path(), sent.path, "{id}");
        let query = imagesearch_tests::verifier::decode_query(&request).unwrap();
        let query = imagesearch_tests::verifier::multimap(query);
        assert_eq!(query, sent.query, "{id}");
        assert_eq!(request.body().to_bytes(), sent.body(), "{id}: body");
        assert_eq!(request.body().len(), sent.body().len() as u64, "{id}: length");
        assert_eq!(stages.string_to_sign, vector.string_to_sign, "{id}: string to sign");
        assert_eq!(stages.signature, vector.signature_value, "{id}: signature");
        assert_eq!(request.headers()["authorization"], vector.authorization, "{id}");
        for (name, value) in request.headers() {
            assert_eq!(value, &sent.headers[name.as_str()], "{id}: {name}");
        }
        // What the SDK sends beyond ours belongs to its HTTP library or is not read by the service.
        let ours = |name: &str| request.headers().contains_key(name);
        let mut missing: Vec<&str> =
            sent.headers.keys().map(String::as_str).filter(|it| !ours(it)).collect();
        missing.sort_unstable();
        let others = ["accept-encoding", "connection", "content-length", "user-agent"];
        assert_eq!(missing, [&others[..], &["x-sdk-client", "x-sdk-invoke-type"]].concat(), "{id}");
    }
}

#[test]
fn the_second_verifier_accepts_the_requests_and_nothing_altered() {
    for vector in &vectors() {
        let id = &vector.id;
        let (key, secret) =
            (&vector.credentials.access_key_id, &vector.credentials.access_key_secret);
        for request in [vector.request.arrived(), build(vector).0] {
            verify_roa(&request, key, secret).unwrap_or_else(|why| panic!("{id}: {why}"));
            assert!(verify_roa(&request, key, "another").is_err(), "{id}: secret");
            let mut altered = request.clone();
            *altered.uri_mut() = format!("{}&n=1", request.uri()).parse().unwrap();
            assert!(verify_roa(&altered, key, secret).is_err(), "{id}: query");
            let mut altered = request.clone();
            altered.headers_mut().insert("x-acs-action", "Other".parse().unwrap());
            assert!(verify_roa(&altered, key, secret).is_err(), "{id}: header");
            let longer = [request.body().to_bytes(), Bytes::from_static(b"x")];
            let altered = request.map(|_| Body::new(longer));
            assert!(verify_roa(&altered, key, secret).is_err(), "{id}: body");
        }
    }
}

#[test]
fn every_body_is_read_back() {
    for vector in &vectors() {
        let operation = vector.described_by();
        let (read, unknown) = decode_caret(operation, &vector.request.body().into()).unwrap();
        assert_eq!(unknown, Vec::<String>::new(), "{}", vector.id);
        for (name, value) in
            vector.typed_parameters().iter().filter(|(it, _)| *it != "instanceName")
        {
            assert_eq!(read.get(name), Some(value), "{}: {name}", vector.id);
        }
    }
}

#[test]
fn the_published_deletion_is_written_and_read() {
    let names = ["shoes1.jpg", "shoes2.jpg"].map(str::to_owned).to_vec();
    let parameters = Parameters::new().with("item_id", "1000").with("pic_list", names);
    let operation = Operation::find(VERSION, "DeleteItem").unwrap();
    let body = encoded(operation, &parameters).unwrap().body.to_body();
    assert_eq!(body.to_bytes(), DELETION);
    assert_eq!(roa::content_md5(&body), "TivR4OYjdwap9g2NjPwe/g==");
    assert_eq!(decode_caret(operation, &body.to_bytes()).unwrap(), (parameters, Vec::new()));
}

#[test]
fn the_published_addition_is_written_in_its_order_and_read() {
    let written = CaretBody::new()
        .picture_name("shoes1.jpg")
        .field("cust_content", r#"{"key1":"value1"}"#)
        .field("item_id", "1000")
        .picture("shoes2.jpg", "pic_content2")
        .field("cat_id", "0")
        .pic_list()
        .picture("shoes1.jpg", "pic_content1")
        .build()
        .unwrap();
    assert_eq!(written.to_bytes(), ADDITION);

    let pictures = ["1", "2"].map(|number| {
        let image = Image::from_bytes(format!("pic_content{number}").into_bytes());
        Picture::new(format!("shoes{number}.jpg"), image)
    });
    let parameters = Parameters::new()
        .with("item_id", "1000")
        .with("cat_id", "0")
        .with("cust_content", r#"{"key1":"value1"}"#)
        .with("pictures", Value::Pictures(pictures.to_vec()));
    let operation = Operation::find(VERSION, "AddItem").unwrap();
    let addition = Bytes::from_static(ADDITION.as_bytes());
    assert_eq!(decode_caret(operation, &addition).unwrap(), (parameters.clone(), Vec::new()));

    // In the order of the table it holds the same.
    let ours = encoded(operation, &parameters).unwrap().body.to_body();
    assert_eq!(decode_caret(operation, &ours.to_bytes()).unwrap(), (parameters, Vec::new()));
}

/// Builds core's request of a vector's values, with what the legacy SDK adds.
fn build(vector: &LegacyVector) -> (http::Request<Body>, Stages) {
    let id = &vector.id;
    let operation = vector.described_by();
    let endpoint: Endpoint = vector.request.headers["host"].parse().unwrap();
    let mut request = encode(&endpoint, operation, &vector.typed_parameters(), CaretText::Utf8)
        .unwrap_or_else(|problem| panic!("{id}: {problem}"));
    request.add_query("RegionId", &*vector.region);
    request.add_header("x-acs-region-id", vector.region.clone());
    let credentials = vector.credentials.credentials();
    let context = SigningContext::new(&credentials, vector.signed_at());
    let signed = sign(SignatureMethod::HmacSha1, &request, &context);
    let request = signed.apply(&request).unwrap_or_else(|error| panic!("{id}: {error}"));
    (request, signed.stages)
}
