use http::{HeaderMap, HeaderValue, Method};

use super::*;

const SECRET: &str = "right-secret";

const TOKEN: &str = "the token";

/// A request, of which only the signature is still missing.
struct Unsigned {
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
    headers: HeaderMap,
    body: &'static [u8],
}

impl Unsigned {
    fn new(query: &[(&str, &str)], form: &[(&str, &str)]) -> Self {
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        Self {
            query: owned(query),
            form: owned(form),
            headers: HeaderMap::new(),
            body: b"PicName=a%20b%2A~",
        }
    }

    fn signed(&self) -> Signed<'_> {
        Signed {
            method: &Method::POST,
            path: "/",
            query: &self.query,
            form: &self.form,
            headers: &self.headers,
            body: self.body,
        }
    }
}

fn acs3_request() -> Unsigned {
    let mut request = Unsigned::new(&[("b", "x y*(~)"), ("a", "1/2")], &[]);
    for (name, value) in [
        ("host", "127.0.0.1:18443"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-acs-action", "AddImage"),
        ("x-acs-content-sha256", &sha256(request.body)),
        ("x-acs-date", "2026-01-02T03:04:05Z"),
        ("x-acs-security-token", TOKEN),
        ("x-acs-signature-nonce", "n"),
    ] {
        request
            .headers
            .insert(name.to_owned().leak() as &str, HeaderValue::from_str(value).unwrap());
    }
    request
}

/// Signs what a change makes of the canonical request, and looks for the mistake.
fn acs3(change: impl Fn(&str) -> String) -> Mismatch {
    let mut request = acs3_request();
    let names: Vec<&str> = request.headers.keys().map(http::HeaderName::as_str).collect();
    let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    names.sort();
    let authorization = |signature: &str| {
        let text = format!(
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders={},Signature={signature}",
            names.join(";")
        );
        HeaderValue::from_str(&text).unwrap()
    };
    request.headers.insert("authorization", authorization("0"));
    let canonical = acs3::claim(&request.signed()).ok().unwrap().canonical.unwrap();
    let text = acs3::string_to_sign(&change(&canonical));
    let signature = hmac_sha256(SECRET.as_bytes(), text.as_bytes());
    request.headers.insert("authorization", authorization(&signature));
    let claim = acs3::claim(&request.signed()).ok().unwrap();
    Mismatch::find(&request.signed(), &claim, SECRET)
}

#[test]
fn mistakes_of_acs3_are_recognized() {
    for (from, to, mistake) in [
        ("x%20y", "x+y", "+ instead of %20"),
        ("%2A", "*", "* was not escaped"),
        ("~", "%7E", "~ was escaped"),
        ("a=1%2F2&b=x%20y%2A%28~%29", "b=x%20y%2A%28~%29&a=1%2F2", "not sorted"),
        ("a=1%2F2&b=x%20y%2A%28~%29", "", "query was omitted"),
        ("POST\n/\n", "POST\n\n", "path was empty"),
        ("\n\n", "\n", "empty line"),
        ("host:127.0.0.1:18443", "host:127.0.0.1", "without its port"),
    ] {
        let found = acs3(|right| {
            assert!(right.contains(from), "{right}");
            right.replacen(from, to, 1)
        });
        let reason = found.reason();
        assert!(reason.contains(mistake) && reason.contains("first difference"), "{reason}");
        let message = found.refusal().message;
        assert!(message.contains("client seems to have signed: POST"), "{message}");
        for text in [found.report(), message, reason] {
            assert!(!text.contains(SECRET) && !text.contains(TOKEN), "{text}");
        }
    }
}

#[test]
fn an_unknown_mistake_shows_what_was_signed_here() {
    let found = acs3(|right| format!("{right}?"));
    assert!(found.reason().contains("the secret differs"), "{}", found.reason());
    assert!(found.report().contains("client signed: \"unknown\""), "{}", found.report());
    assert!(found.report().contains("x-acs-security-token:[hidden]"), "{}", found.report());
}

/// Signs a text with a key, and looks for the mistake.
fn rpc(key: &str, text: impl Fn(&str) -> String) -> Mismatch {
    let query = |signature: &str| {
        [
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", "n"),
            ("AccessKeyId", "id"),
            ("SecurityToken", TOKEN),
            ("Empty", ""),
            ("Signature", signature),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let mut request = Unsigned::new(&[], &[("PicName", "a b*~")]);
    request.query = query("0").into();
    let right = super::super::rpc::claim(&request.signed()).ok().unwrap().string_to_sign;
    let signature = hmac_sha1(key.as_bytes(), text(&right).as_bytes());
    request.query = query(&signature).into();
    let claim = super::super::rpc::claim(&request.signed()).ok().unwrap();
    Mismatch::find(&request.signed(), &claim, SECRET)
}

#[test]
fn mistakes_of_rpc_are_recognized() {
    let key = format!("{SECRET}&");
    for (from, to, mistake) in [
        ("a%2520b", "a%2Bb", "+ instead of %20"),
        ("%252A", "%2A", "* was not escaped"),
        ("PicName%3Da%2520b%252A~%26", "", "body were omitted"),
        ("Empty%3D%26", "", "empty parameters"),
        ("POST&", "GET&", "signed method differs"),
        ("&%2F&", "&/&", "path was not encoded"),
    ] {
        let found = rpc(&key, |right| {
            assert!(right.contains(from), "{right}");
            right.replace(from, to).replace(
                "the%2520token",
                match to {
                    "a%2Bb" => "the%2Btoken",
                    _ => "the%2520token",
                },
            )
        });
        assert!(found.reason().contains(mistake), "{mistake}: {}", found.reason());
        for text in [found.report(), found.refusal().message, found.reason()] {
            assert!(!text.contains("the%2"), "{text}");
        }
    }
    let found = rpc(SECRET, str::to_owned);
    assert!(found.reason().contains("without the trailing ampersand"), "{}", found.reason());
}

#[test]
fn the_difference_is_marked() {
    let difference = first_difference("one two three", "one two+three").unwrap();
    assert_eq!(
        difference,
        "first difference at character 8: server `one two» three`, client `one two»+three`"
    );
    assert_eq!(first_difference("same", "same"), None);
    assert!(first_difference("same", "same, and more").unwrap().contains("same»`"));
}

#[test]
fn sensitive_values_are_hidden_from_all_but_the_client() {
    for (text, hidden) in [
        ("a=1&CallbackAddress=hush&b=2\n/", "a=1&CallbackAddress=[hidden]&b=2\n/"),
        ("CallbackAddress=hush\n/", "CallbackAddress=[hidden]\n/"),
        ("CallbackAddress%3Dhush%26PicName%3Da", "CallbackAddress%3D[hidden]%26PicName%3Da"),
        ("PicContent=hush&PicContent=hush", "PicContent=[hidden]&PicContent=[hidden]"),
        ("PicContent%3dhush", "PicContent%3d[hidden]"),
        ("PicName=shown&Content=shown", "PicName=shown&Content=shown"),
    ] {
        let text = text.to_owned();
        let texts = Texts { ours: text.clone(), string_to_sign: text, theirs: None };
        assert_eq!(texts.without_sensitive().ours, hidden);
    }
    let text = "POST&%2F&CallbackAddress%3Dhush%26PicName%3Da".to_owned();
    let theirs = Theirs { mistake: "sent something else", text: text.replace("hush", "hush+") };
    let texts = Texts { ours: text.clone(), string_to_sign: text, theirs: Some(theirs) };
    let found = Mismatch::of(texts);
    assert!(found.refusal().message.contains("hush+"));
    let shown = [Some(found.report()), Some(found.ours()), Some(found.string_to_sign())];
    for text in shown.into_iter().chain([found.theirs(), found.first_difference()]).flatten() {
        assert!(!text.contains("hush"), "{text}");
    }
}
