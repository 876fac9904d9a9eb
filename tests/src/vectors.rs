//! The recorded requests, uploads and replies under `vectors/`, as far as the tests read them.

use std::{collections::BTreeMap, fs, path::PathBuf};

use bytes::Bytes;
use imagesearch_core::{
    API_VERSION, Credentials, body::Body, operation::Operation, parameters::Parameters,
    values::Timestamp,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// Names with their values, as a query or a form has them once decoded.
pub type Multimap = BTreeMap<String, Vec<String>>;

/// A request as an official SDK sent it, with the texts that it signed.
#[derive(Debug, Deserialize)]
pub struct RequestVector {
    /// Names the vector in failure messages.
    pub id: String,
    /// `ACS3-HMAC-SHA256` or `HMAC-SHA1`.
    pub signature: String,
    /// What it was signed with.
    pub credentials: Keys,
    /// The time that was signed.
    pub timestamp: String,
    /// The nonce that was signed.
    pub nonce: String,
    /// The wire name of the operation.
    pub operation: String,
    /// The values that the SDK was given, typed.
    pub parameters: BTreeMap<String, Value>,
    /// What is particular about it, such as `float`.
    pub tags: Vec<String>,
    /// Which parameters went where.
    pub placement: Placement,
    /// What arrived.
    pub request: Recorded,
    /// The canonical request, or the canonical query of `HMAC-SHA1`.
    pub canonical_request: String,
    /// What the SDK computed the signature of.
    pub string_to_sign: String,
    /// The signature.
    pub signature_value: String,
    /// The names of the signed headers; empty for `HMAC-SHA1`.
    #[serde(default)]
    pub signed_headers: Vec<String>,
}

impl RequestVector {
    /// Returns whether it is signed in its headers.
    pub fn is_acs3(&self) -> bool {
        self.signature == "ACS3-HMAC-SHA256"
    }

    /// Finds the operation in the table of core.
    pub fn described_by(&self) -> &'static Operation {
        Operation::find("2020-12-14", &self.operation)
            .unwrap_or_else(|| panic!("{}: the table has no such operation", self.id))
    }

    /// Returns the parameters as core takes them.
    pub fn typed_parameters(&self) -> Parameters {
        typed(&self.parameters)
    }

    /// Returns the time that was signed.
    pub fn signed_at(&self) -> Timestamp {
        self.timestamp.parse().unwrap_or_else(|error| panic!("{}: {error}", self.id))
    }
}

/// An access key of a vector; all are invented.
#[derive(Clone, Debug, Deserialize)]
pub struct Keys {
    /// The id.
    pub access_key_id: String,
    /// The secret.
    pub access_key_secret: String,
    /// The security token of a temporary key.
    pub security_token: Option<String>,
}

impl Keys {
    /// Returns the key as core takes it.
    pub fn credentials(&self) -> Credentials {
        let (id, secret) = (&*self.access_key_id, &*self.access_key_secret);
        match &self.security_token {
            Some(token) => Credentials::sts(id, secret, &**token),
            None => Credentials::access_key(id, secret),
        }
    }
}

/// Which parameters went where, each list sorted.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Placement {
    /// In the query.
    pub query: Vec<String>,
    /// In the form body.
    pub body: Vec<String>,
}

/// A request as it arrived.
#[derive(Clone, Debug, Deserialize)]
pub struct Recorded {
    /// The HTTP method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query as it was written.
    pub raw_query: String,
    /// The query, decoded.
    pub query: Multimap,
    /// The form, decoded; absent for other bodies.
    pub form: Option<Multimap>,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The body, as text or Base64.
    pub body: String,
    /// `utf8` or `base64`.
    pub body_encoding: String,
    /// The SHA-256 of the body in hexadecimal digits.
    pub body_sha256: String,
}

impl Recorded {
    /// Returns the request as a server sees it.
    pub fn arrived(&self) -> http::Request<Body> {
        let host = &self.headers["host"];
        let separator = if self.raw_query.is_empty() { "" } else { "?" };
        let uri = format!("https://{host}{}{separator}{}", self.path, self.raw_query);
        let mut builder = http::Request::builder().method(self.method.as_str()).uri(uri);
        for (name, value) in &self.headers {
            builder = builder.header(name, value);
        }
        builder.body(Body::new([Bytes::from(self.body())])).expect("it was sent once")
    }

    /// Returns the body's bytes.
    pub fn body(&self) -> Vec<u8> {
        match self.body_encoding.as_str() {
            "base64" => base64(&self.body),
            _ => self.body.clone().into_bytes(),
        }
    }
}

/// A call with pictures to upload.
#[derive(Clone, Debug, Deserialize)]
pub struct FlowVector {
    /// Names the flow in failure messages.
    pub id: String,
    /// How the operation is signed; the authorization always is `ACS3-HMAC-SHA256`.
    pub signature: String,
    /// What it was signed with.
    pub credentials: Keys,
    /// The time of all its requests.
    pub timestamp: String,
    /// The region of the client.
    pub region: String,
    /// `internal`, `accelerate` or absent: which kind of upload host the client was set to.
    pub endpoint_type: Option<String>,
    /// The wire name of the operation.
    pub operation: String,
    /// The values that the SDK was given, pictures apart.
    pub parameters: BTreeMap<String, Value>,
    /// The pictures in Base64, by parameter.
    pub files: BTreeMap<String, String>,
    /// The requests in the order they were sent.
    pub steps: Vec<FlowStep>,
}

/// One request of a flow.
#[derive(Clone, Debug, Deserialize)]
pub struct FlowStep {
    /// `AuthorizeFileUpload`, `PostObject` or the operation.
    pub step: String,
    /// What arrived.
    pub request: Recorded,
    /// What it was answered with; absent for the operation.
    pub response: Option<FlowReply>,
}

/// The answer to a request of a flow.
#[derive(Clone, Debug, Deserialize)]
pub struct FlowReply {
    /// The HTTP status.
    pub status: u16,
    /// A JSON object, or a string of XML.
    pub body: Value,
}

/// A reply that an SDK was given, or several.
#[derive(Debug, Deserialize)]
pub struct ErrorVector {
    /// Names the record in failure messages.
    pub id: String,
    /// `reply-mapping`, `oss-reply-mapping` or `retry`.
    pub kind: String,
    /// The signature method, where it matters.
    pub signature: Option<String>,
    /// The reply of the mappings.
    pub reply: Option<Reply>,
    /// The replies of a retry, in order; a string stands for the usual success.
    #[serde(default)]
    pub replies: Vec<Value>,
    /// What the SDK made of it: `ok`, or `error` with the fields of its exception.
    pub result: Value,
}

/// A raw HTTP reply.
#[derive(Clone, Debug, Deserialize)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Names and values of headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// Whether the connection was dropped instead.
    #[serde(default)]
    pub drop: bool,
}

/// Reads every request vector of an SDK, `python` or `node`.
pub fn requests(sdk: &str) -> Vec<RequestVector> {
    imagesearch_core::operations::OPERATIONS
        .iter()
        .filter(|operation| operation.version == API_VERSION)
        .flat_map(|operation| cases::<RequestVector>(&format!("{sdk}_{}", operation.name)))
        .collect()
}

/// Reads the upload flows of an SDK.
pub fn flows(sdk: &str) -> Vec<FlowVector> {
    cases(&format!("{sdk}_advance_flows"))
}

/// Reads the error records of an SDK.
pub fn errors(sdk: &str) -> Vec<ErrorVector> {
    cases(&format!("{sdk}_errors"))
}

/// Reads a sample answer by file name.
pub fn sample(name: &str) -> String {
    read(&format!("samples/{name}"))
}

/// Lists the file names of all sample answers, sorted.
pub fn sample_names() -> Vec<String> {
    let entries = fs::read_dir(root().join("samples")).expect("the samples are there");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("can be listed").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    names
}

/// Turns recorded values into parameters of the same types.
pub fn typed(values: &BTreeMap<String, Value>) -> Parameters {
    let pairs = values.iter().map(|(name, value)| {
        let value = match value {
            Value::Bool(flag) => (*flag).into(),
            Value::String(text) => text.as_str().into(),
            Value::Number(number) => match number.as_i64() {
                Some(number) => number.into(),
                None => number.as_f64().expect("is a number").into(),
            },
            other => panic!("no parameter has the value {other}"),
        };
        (name.clone(), value)
    });
    pairs.collect::<Vec<(String, imagesearch_core::parameters::Value)>>().into_iter().collect()
}

/// Decodes the Base64 of recorded bytes.
pub fn base64(text: &str) -> Vec<u8> {
    use ::base64::prelude::{BASE64_STANDARD, Engine};
    BASE64_STANDARD.decode(text).expect("recorded bytes are Base64")
}

fn cases<T: DeserializeOwned>(name: &str) -> Vec<T> {
    #[derive(Deserialize)]
    struct File<T> {
        count: usize,
        cases: Vec<T>,
    }
    let file: File<T> = serde_json::from_str(&read(&format!("vectors/{name}.json")))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(file.cases.len(), file.count, "{name} is incomplete");
    file.cases
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
