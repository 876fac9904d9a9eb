//! PostObject: a form with a policy, a signature and a file.

use std::collections::BTreeMap;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use md5::{Digest, Md5};
use multer::{Field, Multipart};

use super::policy::Policy;
use super::refusal::{OssRefusal, escape, xml};
use crate::http::context::Context;
use crate::http::gateway::answer::PictureBytes;
use crate::http::gateway::faults::Circumstances;
use crate::http::transport::request_body::BodyError;

/// The longest of the fields that are not the file, in bytes.
const MAX_FIELD_BYTES: usize = 64 * 1024;

/// How many fields are read before the file.
const MAX_FIELDS: usize = 64;

/// Stores the file of a form as an object.
pub(crate) async fn post_object(
    context: &Context,
    headers: &HeaderMap,
    body: Bytes,
    circumstances: Circumstances,
    request_id: &str,
) -> Response<Body> {
    match store(context, headers, body, circumstances).await {
        Ok(stored) => {
            let bytes = PictureBytes(stored.bytes);
            let mut response = stored.into_response(context, request_id);
            response.extensions_mut().insert(bytes);
            response
        }
        Err(refusal) => refusal.into_response(request_id, &context.host.authority()),
    }
}

/// Refuses a form whose body could not be read to its end, in the shape that OSS has for errors.
pub(crate) fn refuse_body(context: &Context, error: BodyError, request_id: &str) -> Response<Body> {
    let refusal = match error {
        BodyError::TooLarge => OssRefusal::ENTITY_TOO_LARGE,
        BodyError::TooSlow => OssRefusal::REQUEST_TIMEOUT,
        BodyError::TooMany => OssRefusal::SERVICE_UNAVAILABLE,
        BodyError::CutShort => OssRefusal::MALFORMED,
    };
    refusal.into_response(request_id, &context.host.authority())
}

async fn store(
    context: &Context,
    headers: &HeaderMap,
    body: Bytes,
    circumstances: Circumstances,
) -> Result<Stored, OssRefusal> {
    let form = Form::read(headers, body).await?;
    let before_file = |name: &str| form.field(name).ok_or(OssRefusal::ANONYMOUS);
    let policy = before_file("policy")?;
    let (key_id, signature) = (before_file("OSSAccessKeyId")?, before_file("Signature")?);
    context.oss.check_signature(key_id, policy, signature)?;
    let key = form.field("key").ok_or(OssRefusal::NO_KEY)?;
    if !is_object_name(key) {
        return Err(OssRefusal::INVALID_OBJECT_NAME);
    }
    let now = circumstances.now(&context.service.clock);
    if circumstances.expired_policy {
        return Err(OssRefusal::POLICY_EXPIRED);
    }
    let length = u64::try_from(form.file.len()).unwrap_or(u64::MAX);
    let field = |name: &str| match name {
        "bucket" => Some(context.host.bucket.clone()),
        _ => form.field(name).map(str::to_owned),
    };
    Policy::decode(policy)?.check(field, length, now)?;
    context.service.uploads.put(key, form.file.clone(), now);
    Ok(Stored {
        key: key.to_owned(),
        etag: etag(&form.file),
        bytes: form.file.len(),
        created: form.field("success_action_status") == Some("201"),
        ok: form.field("success_action_status") == Some("200"),
    })
}

/// Returns whether OSS takes a name for an object.
fn is_object_name(key: &str) -> bool {
    (1..=1023).contains(&key.len()) && !key.starts_with(['/', '\\'])
}

/// Writes the tag of a content as form posts have it: its MD5 in capitals, in quotes.
fn etag(content: &[u8]) -> String {
    let digest = Md5::digest(content);
    let digits: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("\"{digits}\"")
}

/// The fields before the file, by lower-case name, and the file.
pub(crate) struct Form {
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) file: Bytes,
}

impl Form {
    /// Reads up to the file; fields that follow it are not looked at, as in OSS.
    ///
    /// The official Node SDK puts no line break behind the file, and another field after it. As OSS
    /// would, this takes the rest of the form for bytes of the file, up to the last boundary, which
    /// does have its line break. Pictures are read nevertheless: all formats say where they end.
    pub(crate) async fn read(headers: &HeaderMap, body: Bytes) -> Result<Self, OssRefusal> {
        let boundary = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| multer::parse_boundary(value).ok())
            .ok_or(OssRefusal::MALFORMED)?;
        let mut multipart = Multipart::new(Body::from(body).into_data_stream(), boundary);
        let mut fields = BTreeMap::new();
        let mut count = 0;
        while let Some(field) = multipart.next_field().await.map_err(malformed)? {
            let name = field.name().unwrap_or_default().to_ascii_lowercase();
            if name == "file" {
                let file = field.bytes().await.map_err(malformed)?;
                return Ok(Self { fields, file });
            }
            count += 1;
            if count > MAX_FIELDS {
                return Err(OssRefusal::MALFORMED);
            }
            fields.insert(name, text(field).await?);
        }
        Err(OssRefusal::NO_FILE)
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(&name.to_ascii_lowercase()).map(String::as_str)
    }
}

/// Reads a field that is not the file.
async fn text(mut field: Field<'_>) -> Result<String, OssRefusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(malformed)? {
        if chunk.len() > MAX_FIELD_BYTES - bytes.len() {
            return Err(OssRefusal::FIELD_TOO_LONG);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn malformed(_: multer::Error) -> OssRefusal {
    OssRefusal::MALFORMED
}

/// What was stored, and how the client wants to be told.
struct Stored {
    key: String,
    etag: String,
    bytes: usize,
    created: bool,
    ok: bool,
}

impl Stored {
    fn into_response(self, context: &Context, request_id: &str) -> Response<Body> {
        let (status, body) = match (self.created, self.ok) {
            (true, _) => (StatusCode::CREATED, self.document(context)),
            (false, true) => (StatusCode::OK, String::new()),
            (false, false) => (StatusCode::NO_CONTENT, String::new()),
        };
        let mut answer = xml(status, request_id, body);
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            answer.headers_mut().insert(header::ETAG, etag);
        }
        answer
    }

    /// Writes the document that says what was created.
    fn document(&self, context: &Context) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse>\n  <Bucket>{}</Bucket>\n  \
             <Location>http://{}/{}</Location>\n  <Key>{}</Key>\n  <ETag>{}</ETag>\n\
             </PostResponse>\n",
            escape(&context.host.bucket),
            escape(&context.host.authority()),
            escape(&self.key),
            escape(&self.key),
            escape(&self.etag),
        )
    }
}
