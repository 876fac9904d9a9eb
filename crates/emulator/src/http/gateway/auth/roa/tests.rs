use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::*;

/// A deletion with the body that the vendor's page shows, signed with the official utilities.
const PUBLISHED: &[(&str, &str)] = &[
    ("accept", "application/json"),
    ("content-md5", "TivR4OYjdwap9g2NjPwe/g=="),
    ("content-type", "application/octet-stream"),
    ("date", "Thu, 22 Feb 2018 07:03:05 GMT"),
    ("host", "imagesearch.cn-shanghai.aliyuncs.com"),
    ("x-acs-signature-method", "HMAC-SHA1"),
    ("x-acs-signature-nonce", "550e8400-e29b-41d4-a716-446655440000"),
    ("x-acs-signature-version", "1.0"),
    ("x-acs-version", "2018-01-20"),
    ("authorization", "acs testid:AVntqpdZCNESFwtCi7mVod74i9Y="),
];

const BODY: &[u8] = b"item_id,0,4#pic_list,4,37^1000c2hvZXMxLmpwZw==,c2hvZXMyLmpwZw==";

fn read(headers: &[(&str, &str)], query: &[(&str, &str)], body: &[u8]) -> Result<Claim, Refusal> {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        })
        .collect();
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let query: Vec<_> = query.iter().map(owned).collect();
    super::super::claim_of(&Signed {
        method: &Method::POST,
        path: "/item/delete",
        query: &query,
        form: &[],
        headers: &headers,
        body,
    })
}

fn matches(claim: &Claim) -> bool {
    sign("testsecret", &claim.string_to_sign) == claim.signature
}

const QUERY: &[(&str, &str)] = &[("instanceName", "goodssearch")];

#[test]
fn agrees_with_the_published_example() {
    let claim = read(PUBLISHED, QUERY, BODY).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    assert!(matches(&claim), "{}", claim.string_to_sign);
    assert_eq!(claim.access_key_id, "testid");
    assert_eq!(claim.nonce.as_deref(), Some("550e8400-e29b-41d4-a716-446655440000"));
    assert!(claim.security_token.is_none());
}

#[test]
fn every_covered_header_changes_the_signature() {
    for (name, value) in [
        ("accept", "*/*"),
        ("content-type", "text/plain"),
        ("date", "Thu, 22 Feb 2018 07:03:06 GMT"),
        ("x-acs-version", "2019-03-25"),
        ("x-acs-security-token", "token"),
        ("x-acs-extra", ""),
    ] {
        let mut headers = PUBLISHED.to_vec();
        headers.retain(|(it, _)| *it != name);
        headers.push((name, value));
        let claim = read(&headers, QUERY, BODY).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        assert!(!matches(&claim), "{name}");
    }
    // Host and user agent are not covered, and neither is the body when its MD5 is left out.
    let mut headers = PUBLISHED.to_vec();
    headers.retain(|(it, _)| *it != "host");
    assert!(read(&headers, QUERY, BODY).is_ok_and(|claim| matches(&claim)));
    headers.retain(|(it, _)| *it != "content-md5");
    assert!(read(&headers, QUERY, b"other").is_ok_and(|claim| !matches(&claim)));
}

#[test]
fn the_query_is_signed_sorted_and_decoded() {
    for (query, expected) in [
        (&[][..], "/item/delete"),
        (&[("b", "x y&z"), ("a", "")], "/item/delete?a&b=x y&z"),
        (&[("instanceName", "1"), ("RegionId", "2")], "/item/delete?RegionId=2&instanceName=1"),
    ] {
        let claim = read(PUBLISHED, query, BODY).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        assert_eq!(claim.string_to_sign.lines().last(), Some(expected));
        assert!(!matches(&claim));
    }
}

#[test]
fn refuses_what_is_incomplete_or_another_method() {
    for (name, value, code) in [
        ("authorization", "acs testid", "IncompleteSignature"),
        ("authorization", "acs :abc", "IncompleteSignature"),
        ("authorization", "acs testid:", "IncompleteSignature"),
        ("authorization", "testid:abc", "InvalidSignatureMethod"),
        ("x-acs-signature-method", "HMAC-SHA256", "InvalidSignatureMethod"),
        ("x-acs-signature-version", "2.0", "InvalidSignatureMethod"),
        ("content-md5", "TivR4OYjdwap9g2NjPwe/Q==", "SignatureDoesNotMatch"),
    ] {
        let mut headers = PUBLISHED.to_vec();
        headers.retain(|(it, _)| *it != name);
        headers.push((name, value));
        let refused = read(&headers, QUERY, BODY).err().map(|it| it.code);
        assert_eq!(refused.as_deref(), Some(code), "{name}: {value}");
    }
}
