use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::*;

/// The example that the vendor publishes, recomputed.
const PUBLISHED: &[(&str, &str)] = &[
    ("host", "ecs.cn-shanghai.aliyuncs.com"),
    ("x-acs-action", "RunInstances"),
    ("x-acs-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("x-acs-date", "2023-10-26T10:22:32Z"),
    ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
    ("x-acs-version", "2014-05-26"),
    (
        "authorization",
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,\
         SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,\
         Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
    ),
];

fn read(headers: &[(&str, &str)], body: &[u8]) -> Result<Claim, Refusal> {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        })
        .collect();
    let image = "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd";
    let query = [("RegionId", "cn-shanghai"), ("ImageId", image)];
    claim(&Signed {
        method: &Method::POST,
        path: "/",
        query: &query.map(|(name, value)| (name.to_owned(), value.to_owned())),
        form: &[],
        headers: &headers,
        body,
    })
}

#[test]
fn agrees_with_the_published_example() {
    let claim = read(PUBLISHED, b"").unwrap_or_else(|refusal| panic!("{refusal:?}"));
    assert_eq!(
        claim.string_to_sign,
        "ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    );
    assert_eq!(sign("YourAccessKeySecret", &claim.string_to_sign), claim.signature);
    assert_eq!(claim.access_key_id, "YourAccessKeyId");
}

#[test]
fn refuses_what_is_not_covered() {
    for (change, code) in [
        (Some(("x-acs-security-token", "token")), "IncompleteSignature"),
        (Some(("authorization", "ACS3-HMAC-SM3 Credential=a")), "InvalidSignatureMethod"),
        (
            Some(("authorization", "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host")),
            "IncompleteSignature",
        ),
        (Some(("authorization", "")), "InvalidSignatureMethod"),
        (None, "IncompleteSignature"),
    ] {
        let mut headers: Vec<_> = PUBLISHED.to_vec();
        match change {
            Some((name, _)) => headers.retain(|(it, _)| *it != name),
            None => headers.retain(|(it, _)| *it != "x-acs-signature-nonce"),
        }
        headers.extend(change);
        let refused = read(&headers, b"").err().map(|it| it.code);
        assert_eq!(refused.as_deref(), Some(code), "{change:?}");
    }
    // A body must have its type signed, and the hash that was announced.
    let refused = read(PUBLISHED, b"a=1").err().map(|it| it.code);
    assert_eq!(refused.as_deref(), Some("IncompleteSignature"));
    let typed = [PUBLISHED, &[("content-type", "application/octet-stream")]].concat();
    let refused = read(&typed, b"a=1").err().map(|it| it.code);
    assert_eq!(refused.as_deref(), Some("IncompleteSignature"));
    // Without a body, official clients send a type that they do not sign.
    assert!(read(&typed, b"").is_ok());
}
