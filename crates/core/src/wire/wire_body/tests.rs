use super::*;
use crate::{
    credentials::Credentials,
    operation::Style,
    sign::{SignatureMethod, SigningContext, sign},
    values::Timestamp,
    wire::WireRequest,
};

/// A request whose body has one parameter and one picture to upload.
fn with_json() -> WireRequest {
    let endpoint = "imagesearch.cn-shanghai.aliyuncs.com".parse().unwrap();
    let mut request =
        WireRequest::new(endpoint, http::Method::POST, Style::Rpc, "Detail", "2020-12-14");
    let object = serde_json::json!({ "Num": 10, "Picture": null, "Text": "a \"b\"" });
    request.body = WireBody::Json(object.as_object().unwrap().clone());
    request
}

#[test]
fn json_is_sent_hashed_and_typed() {
    let mut request = with_json();
    request.set_url("Picture", "http://b.oss/1".to_owned());
    let credentials = Credentials::access_key("testid", "testsecret");
    let context = SigningContext::new(&credentials, Timestamp::from_millisecond(0));
    let signed = sign(SignatureMethod::Acs3HmacSha256, &request, &context);
    let sent = signed.apply(&request).unwrap();
    let body = r#"{"Num":10,"Picture":"http://b.oss/1","Text":"a \"b\""}"#;
    assert_eq!(sent.body().to_bytes(), body);
    assert_eq!(sent.headers()["content-type"], "application/json");
    let hash = crate::sign::hex(&<sha2::Sha256 as sha2::Digest>::digest(body));
    assert_eq!(sent.headers()["x-acs-content-sha256"], hash.as_str());
    assert!(signed.stages.canonical_request.contains("content-type:application/json\n"));
    assert_eq!(sent.uri().query(), None);
}

#[test]
fn json_takes_no_form_and_shows_no_value() {
    let mut request = with_json();
    assert!(request.add_form("More", "1").is_err());
    assert_eq!(
        format!("{:?}", request.body),
        r#"Json({"Num": 2 bytes, "Picture": 4 bytes, "Text": 9 bytes})"#
    );
    request.set_url("Other", "http://b.oss/1".to_owned());
    assert!(request.query_pairs().eq([("Other", "http://b.oss/1")]));
}

#[test]
fn a_url_takes_the_place_of_its_picture_in_a_form() {
    let mut body = WireBody::form([("a", "1".to_owned()), ("picture", String::new())]);
    let WireBody::Form(fields) = &mut body else { panic!("it is a form") };
    fields[1].1 = FormValue::Picture(Bytes::from_static(b"picture"));
    fields.push(("z".into(), FormValue::Text("2".to_owned())));
    assert_eq!(body.to_body().to_bytes(), "a=1&z=2&picture=cGljdHVyZQ%3D%3D");
    assert_eq!(body.set_url("picture", "u".to_owned()), Ok(()));
    assert_eq!(body.to_body().to_bytes(), "a=1&picture=u&z=2");
    assert_eq!(body.set_url("other", "u".to_owned()), Err("u".to_owned()));
}
