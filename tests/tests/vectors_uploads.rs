//! The recorded calls with a picture to upload, against an exchange that gets the same answers.

use http::Request;
use imagesearch_core::{
    Image,
    body::Body,
    client::{CallOptions, SignatureMethod},
    exchange::PreparedCall,
    image::ImageLimits,
    requests::RawRequest,
};
use imagesearch_tests::{
    flow::{Course, Offline, answer},
    multipart::{self, Part},
    vectors::{FlowStep, FlowVector, Multimap, Recorded, base64, flows, typed},
    verifier::{decode_form, decode_query, multimap, verify_acs3, verify_rpc},
};
use serde_json::Value;

#[test]
fn calls_take_the_same_steps_as_the_official_ones() {
    for vector in all() {
        let course = run(&vector);
        let hops: Vec<&str> = course.requests.iter().map(hop).collect();
        let expected: Vec<&str> = vector.steps.iter().map(|step| &*step.step).collect();
        assert_eq!(hops, expected, "{}", vector.id);
        assert!(course.outcome.is_ok(), "{}: {:?}", vector.id, course.outcome);
    }
}

#[test]
fn authorizations_ask_for_the_region_and_are_signed_in_headers() {
    let mut count = 0;
    for (vector, step, request) in steps("AuthorizeFileUpload") {
        let id = &vector.id;
        assert_eq!(request.method(), step.request.method.as_str(), "{id}: method");
        assert_eq!(request.uri().path(), step.request.path, "{id}: path");
        assert_eq!(request.uri().scheme_str(), Some("https"), "{id}");
        let query = multimap(decode_query(&request).unwrap());
        assert_eq!(query, step.request.query, "{id}: query");
        assert!(request.body().is_empty(), "{id}: body");
        assert_eq!(request.headers().get("content-type"), None, "{id}");
        for name in ["host", "x-acs-action", "x-acs-version", "x-acs-content-sha256", "x-acs-date"]
        {
            assert_eq!(request.headers()[name], step.request.headers[name], "{id}: {name}");
        }
        let token = request.headers().get("x-acs-security-token").map(|it| it.to_str().unwrap());
        assert_eq!(token, vector.credentials.security_token.as_deref(), "{id}: token");
        let keys = &vector.credentials;
        verify_acs3(&request, &keys.access_key_id, &keys.access_key_secret)
            .unwrap_or_else(|why| panic!("{id}: {why}"));
        count += 1;
    }
    assert_eq!(count, 18);
}

#[test]
fn upload_forms_have_the_fields_of_the_official_one_and_the_file_last() {
    let mut count = 0;
    for (vector, step, request) in steps("PostObject") {
        let id = &vector.id;
        let ours = multipart::parse(
            request.headers()["content-type"].to_str().unwrap(),
            &request.body().to_bytes(),
        )
        .unwrap_or_else(|why| panic!("{id}: {why}"));
        let names: Vec<&str> = ours.iter().map(|part| &*part.name).collect();
        let expected =
            ["OSSAccessKeyId", "policy", "Signature", "key", "success_action_status", "file"];
        assert_eq!(names, expected, "{id}");

        let theirs = form(&step.request);
        if id.starts_with("node.") {
            // Node writes no line break behind the file and goes on after it; Python is the model.
            assert!(theirs.is_ok_and(|it| it.len() == 6 && it[5].name == "file"), "{id}");
        } else {
            let mut theirs = theirs.unwrap_or_else(|why| panic!("{id}: {why}"));
            // A field `host` is no part of the protocol; the SDKs send it by accident.
            theirs.retain(|part| part.name != "host");
            assert_eq!(sorted(ours), sorted(theirs), "{id}");
        }
        count += 1;
    }
    assert_eq!(count, 18);
}

#[test]
fn uploads_go_to_the_host_that_the_authorization_and_the_network_make() {
    for (vector, step, request) in steps("PostObject") {
        let (id, theirs) = (&vector.id, step.request.headers["host"].as_str());
        assert_eq!(request.headers()["host"], theirs, "{id}");
        assert_eq!(request.uri().to_string(), format!("https://{theirs}/"), "{id}");
        assert_eq!(request.method(), "POST", "{id}");
        // The form alone carries the right to upload.
        assert_eq!(request.headers().get("authorization"), None, "{id}");
        assert!(request.headers().keys().all(|name| !name.as_str().starts_with("x-acs-")), "{id}");
    }
}

#[test]
fn operations_name_the_uploaded_picture_as_the_official_ones_do() {
    let mut count = 0;
    for vector in all() {
        let (id, keys) = (&vector.id, &vector.credentials);
        let request = run(&vector).requests.pop().unwrap();
        let recorded = &vector.steps.last().unwrap().request;
        let mut expected: Multimap = recorded.form.clone().unwrap();
        for text in expected.values_mut().flatten() {
            if matches!(&**text, "True" | "False") {
                *text = text.to_lowercase();
            }
        }
        assert_eq!(multimap(decode_form(&request).unwrap()), expected, "{id}: form");
        for name in vector.files.keys() {
            assert!(expected[name][0].starts_with("http://demo-upload-bucket.oss-"), "{id}");
        }
        if vector.signature == "ACS3-HMAC-SHA256" {
            let query = multimap(decode_query(&request).unwrap());
            assert_eq!(query, recorded.query, "{id}: query");
            verify_acs3(&request, &keys.access_key_id, &keys.access_key_secret)
        } else {
            verify_rpc(&request, &keys.access_key_id, &keys.access_key_secret)
        }
        .unwrap_or_else(|why| panic!("{id}: {why}"));
        count += 1;
    }
    assert_eq!(count, 14);
}

#[test]
fn every_signed_request_has_a_nonce_of_its_own() {
    for vector in all() {
        let course = run(&vector);
        let nonces: Vec<String> = course.requests.iter().filter_map(nonce).collect();
        let signed = vector.steps.iter().filter(|step| step.step != "PostObject").count();
        assert_eq!(nonces.len(), signed, "{}", vector.id);
        let mut distinct = nonces.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), signed, "{}: {nonces:?}", vector.id);
    }
}

fn all() -> Vec<FlowVector> {
    let all: Vec<_> = ["python", "node"].into_iter().flat_map(flows).collect();
    assert_eq!(all.len(), 14);
    all
}

/// Carries out the call of a flow with the flow's answers, in its order.
fn run(vector: &FlowVector) -> Course {
    let id = &vector.id;
    let signature = match vector.signature.as_str() {
        "ACS3-HMAC-SHA256" => SignatureMethod::Acs3HmacSha256,
        _ => SignatureMethod::HmacSha1,
    };
    let api = vector.steps.last().map(|step| step.request.headers["host"].as_str()).unwrap();
    let client = Offline::builder()
        .with_region(vector.region.as_str())
        // The network decides about uploads; the vendor's hosts inside it are other tests' matter.
        .with_endpoint(api)
        .with_vpc(vector.endpoint_type.as_deref() == Some("internal"))
        .with_upload_acceleration(vector.endpoint_type.as_deref() == Some("accelerate"))
        .with_credentials(vector.credentials.credentials())
        .with_signature(signature)
        // The recorded pictures are smaller than the service takes.
        .with_validation(false)
        .build()
        .unwrap_or_else(|error| panic!("{id}: {error}"));

    let mut call = RawRequest::new(&*vector.operation);
    for (name, value) in typed(&vector.parameters).iter() {
        call = call.parameter(name, value.clone());
    }
    for (name, picture) in &vector.files {
        call = call.parameter(name.clone(), Image::from_bytes(base64(picture)));
    }
    let call = PreparedCall::raw(call, "unused", ImageLimits::DEFAULT, CallOptions::default());
    let mut replies = vector.steps.iter().map(|step| match &step.response {
        Some(reply) => {
            let body = match &reply.body {
                Value::String(text) => text.clone(),
                json => json.to_string(),
            };
            answer(reply.status, [], body)
        }
        None => answer(200, [], r#"{"RequestId":"R","Success":true,"Code":0}"#),
    });
    client.run(call, vector.timestamp.parse().unwrap(), |_| replies.next())
}

/// Pairs the steps of a kind with the requests that the same calls make here.
fn steps(kind: &str) -> Vec<(FlowVector, FlowStep, Request<Body>)> {
    let mut found = Vec::new();
    for vector in all() {
        let requests = run(&vector).requests;
        assert_eq!(requests.len(), vector.steps.len(), "{}", vector.id);
        for (step, request) in vector.steps.clone().into_iter().zip(requests) {
            if step.step == kind {
                found.push((vector.clone(), step, request));
            }
        }
    }
    found
}

fn hop(request: &Request<Body>) -> &str {
    match request.headers().get("x-acs-action") {
        Some(action) => action.to_str().unwrap(),
        None => "PostObject",
    }
}

fn nonce(request: &Request<Body>) -> Option<String> {
    let header = request.headers().get("x-acs-signature-nonce");
    let header = header.map(|nonce| nonce.to_str().unwrap().to_owned());
    let query = || {
        let query = decode_query(request).unwrap().into_iter();
        query.into_iter().find(|(name, _)| name == "SignatureNonce").map(|(_, nonce)| nonce)
    };
    header.or_else(query)
}

fn form(recorded: &Recorded) -> Result<Vec<Part>, String> {
    multipart::parse(&recorded.headers["content-type"], &recorded.body())
}

fn sorted(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    parts
}
