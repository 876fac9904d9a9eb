//! The recorded requests of the official SDKs, each as it was and with one change.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;

use super::*;
use crate::http::gateway::form;

struct Recorded {
    id: String,
    timestamp: Timestamp,
    account: Account,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Recorded {
    fn read(case: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let (request, credentials) = (&case["request"], &case["credentials"]);
        let body = text(&request["body"]).unwrap_or_default();
        let headers = request["headers"].as_object().unwrap().iter();
        Self {
            id: text(&case["id"]).unwrap(),
            timestamp: time(case["timestamp"].as_str().unwrap()),
            account: Account {
                id: text(&credentials["access_key_id"]).unwrap(),
                secret: text(&credentials["access_key_secret"]).unwrap(),
                token: text(&credentials["security_token"]),
            },
            path: text(&request["path"]).unwrap(),
            query: text(&request["raw_query"]).unwrap(),
            headers: headers
                .map(|(name, value)| {
                    let value = HeaderValue::from_str(value.as_str().unwrap()).unwrap();
                    (name.parse::<HeaderName>().unwrap(), value)
                })
                .collect(),
            body: match request["body_encoding"].as_str() {
                Some("base64") => STANDARD.decode(body).unwrap(),
                _ => body.into_bytes(),
            },
        }
    }

    /// Checks it as if it arrived when it was sent, and returns the code of a refusal.
    fn check(&self) -> Option<String> {
        let query = form::pairs(self.query.as_bytes()).unwrap();
        let form = form::pairs(&self.body).unwrap_or_default();
        let signed = Signed {
            method: &Method::POST,
            path: &self.path,
            query: &query,
            form: &form,
            headers: &self.headers,
            body: &self.body,
        };
        let authenticator =
            Authenticator::new(vec![self.account.clone()], Auth::Strict, Log::default());
        authenticator.check(&signed, self.timestamp).0.err().map(|refusal| refusal.code)
    }
}

/// Reads a time in the form that the signature of the path has it in.
fn time(text: &str) -> Timestamp {
    text.parse().ok().or_else(|| freshness::http_date(text)).unwrap()
}

fn recorded() -> Vec<Recorded> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let mut recorded = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let of_an_operation =
            ["python_", "node_", "legacy_"].iter().any(|sdk| name.starts_with(sdk))
                && !["advance_flows", "errors"].iter().any(|it| name.contains(it));
        if of_an_operation && name.ends_with(".json") {
            let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            recorded.extend(file["cases"].as_array().unwrap().iter().map(Recorded::read));
        }
    }
    recorded
}

#[test]
fn requests_of_the_official_sdks_are_taken() {
    let recorded = recorded();
    assert!(recorded.len() >= 392, "{}", recorded.len());
    assert_eq!(recorded.iter().filter(|it| it.path != "/").count(), 12);
    for request in recorded {
        assert_eq!(request.check(), None, "{}", request.id);
    }
}

#[test]
fn changed_requests_of_the_official_sdks_are_refused() {
    for mut request in recorded() {
        let id = request.id.clone();
        request.query.push_str(if request.query.is_empty() { "x=1" } else { "&x=1" });
        assert_eq!(request.check().as_deref(), Some("SignatureDoesNotMatch"), "{id}");
        request.query.truncate(request.query.len() - 3);
        if !request.body.is_empty() {
            request.body.push(b'x');
            assert_eq!(request.check().as_deref(), Some("SignatureDoesNotMatch"), "{id}");
            request.body.pop();
        }
        if request.path != "/" {
            request.path.push('x');
            assert_eq!(request.check().as_deref(), Some("SignatureDoesNotMatch"), "{id}");
            request.path.pop();
            for name in ["accept", "content-type", "x-acs-version"] {
                let value = request.headers.remove(name).unwrap();
                assert_eq!(request.check().as_deref(), Some("SignatureDoesNotMatch"), "{id}");
                request.headers.insert(name, value);
            }
            assert_eq!(request.check(), None, "{id}");
        }
        request.account.secret.push('x');
        assert_eq!(request.check().as_deref(), Some("SignatureDoesNotMatch"), "{id}");
    }
}
