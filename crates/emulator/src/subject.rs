//! What a request is about, as far as its outside tells.

use bytes::Bytes;
use http::{HeaderMap, Method, header, request::Parts};

use crate::executions::CALL_HEADER;
use crate::faults::{FAULT_HEADER, Hop};
use crate::form::{self, MOST_PARAMETERS};

/// The longest text of a request that is kept, in characters; documented names have at most 256.
const MOST_CHARACTERS: usize = 512;

/// How many names of parameters are kept; no operation has as many.
const MOST_KEYS: usize = 64;

/// Describes a request before anything of it is checked; nothing in it is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) hop: Hop,
    pub(crate) action: Option<String>,
    pub(crate) instance: Option<String>,
    pub(crate) pic_name: Option<String>,
    /// The access key id that the request claims.
    pub(crate) account: Option<String>,
    /// The first names of query and form parameters; values may be anything, also secrets.
    pub(crate) keys: Vec<String>,
    /// The bytes of a picture in Base64.
    pub(crate) picture_bytes: Option<usize>,
    /// The fault rule that the request asks for.
    pub(crate) fault: Option<String>,
    /// The logical call that the request is an attempt of.
    pub(crate) call: Option<String>,
}

impl Subject {
    pub(crate) fn of(parts: &Parts, body: &Bytes) -> Self {
        let text = |name: &str| header_text(&parts.headers, name);
        let query = Fields(parts.uri.query().unwrap_or_default().as_bytes());
        let is_form = has_type(&parts.headers, "application/x-www-form-urlencoded");
        let form = Fields(if is_form { body } else { &[] });
        let is_upload = is_upload(parts);
        let named = query.value(&["Action"]).or_else(|| text("x-acs-action"));
        let action = if is_upload {
            Some("PostObject".to_owned())
        } else {
            named.or_else(|| action_of_path(parts))
        };
        let hop = match action.as_deref() {
            _ if is_upload => Hop::Oss,
            Some("AuthorizeFileUpload") => Hop::Authorize,
            _ => Hop::Api,
        };
        let either = |names: &[&str]| form.value(names).or_else(|| query.value(names));
        let credential = text(header::AUTHORIZATION.as_str());
        let credential = credential.as_deref().and_then(claimed_key);
        Self {
            hop,
            action,
            instance: either(&["InstanceName", "instanceName"]),
            pic_name: either(&["PicName", "picName"]),
            account: query.value(&["AccessKeyId"]).or(credential),
            keys: query.names().chain(form.names()).take(MOST_KEYS).collect(),
            picture_bytes: form.base64_bytes("PicContent"),
            fault: text(FAULT_HEADER),
            call: text(CALL_HEADER),
        }
    }
}

/// Tells an upload from a call, which share a path.
pub(crate) fn is_upload(parts: &Parts) -> bool {
    parts.method == Method::POST
        && parts.uri.path() == "/"
        && has_type(&parts.headers, "multipart/form-data")
}

/// Tells whether a body says to be of a type, whatever its parameters.
pub(crate) fn has_type(headers: &HeaderMap, expected: &str) -> bool {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.split(';').next());
    given.is_some_and(|it| it.trim().eq_ignore_ascii_case(expected))
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|it| it.to_str().ok()).map(|it| bounded(it.trim().to_owned()))
}

/// Cuts a text that is longer than any that means something.
fn bounded(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MOST_CHARACTERS) {
        text.truncate(end);
        // What was read may have taken megabytes.
        text.shrink_to_fit();
    }
    text
}

/// Names the operation that a path stands for, where no other has it.
fn action_of_path(parts: &Parts) -> Option<String> {
    let mut at = imagesearch_core::OPERATIONS.iter().filter(|it| it.path() == parts.uri.path());
    let first = at.next()?;
    at.next().is_none().then(|| first.name.to_owned())
}

/// Takes the key id out of `ACS3-HMAC-SHA256 Credential=id,..` or `acs id:signature`.
fn claimed_key(authorization: &str) -> Option<String> {
    let id = match authorization.split_once("Credential=") {
        Some((_, rest)) => rest.split(',').next(),
        None => authorization.strip_prefix("acs ").and_then(|rest| rest.split(':').next()),
    };
    id.map(|id| id.trim().to_owned())
}

/// The raw fields of a form or query. Values are decoded when asked for: most are never.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn iter(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        form::fields(self.0).take(MOST_PARAMETERS)
    }

    fn names(&self) -> impl Iterator<Item = String> + use<'a> {
        self.iter().map(|(name, _)| bounded(form::decoded(name).unwrap_or_default()))
    }

    fn value(&self, names: &[&str]) -> Option<String> {
        let (_, value) =
            self.iter().find(|(name, _)| names.iter().any(|it| it.as_bytes() == *name))?;
        form::decoded(value).map(bounded)
    }

    fn base64_bytes(&self, name: &str) -> Option<usize> {
        let (_, value) = self.iter().find(|(it, _)| *it == name.as_bytes())?;
        if value.starts_with(b"http") {
            return None;
        }
        let escapes = value.iter().filter(|byte| **byte == b'%').count();
        let length = value.len().saturating_sub(2 * escapes);
        let ends = [&b"%3D%3D"[..], b"%3d%3d", b"=="];
        let end = [&b"%3D"[..], b"%3d", b"="];
        let padding = if ends.iter().any(|it| value.ends_with(it)) {
            2
        } else {
            usize::from(end.iter().any(|it| value.ends_with(it)))
        };
        Some((length / 4 * 3).saturating_sub(padding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(uri: &str, headers: &[(&str, &str)], body: &'static str) -> Subject {
        let mut request = http::Request::builder().method("POST").uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Subject::of(&parts, &Bytes::from_static(body.as_bytes()))
    }

    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");

    #[test]
    fn calls_are_read_from_headers_and_form() {
        let subject = subject(
            "/",
            &[
                FORM,
                ("x-acs-action", "AddImage"),
                ("authorization", "ACS3-HMAC-SHA256 Credential=me,SignedHeaders=host,Signature=0"),
                ("x-emulator-call", "17"),
                ("x-emulator-fault", "late"),
            ],
            "InstanceName=shop&PicName=a%2Fb.png&PicContent=QUJDRA%3D%3D",
        );
        assert_eq!(subject.hop, Hop::Api);
        assert_eq!(subject.action.as_deref(), Some("AddImage"));
        assert_eq!(subject.instance.as_deref(), Some("shop"));
        assert_eq!(subject.pic_name.as_deref(), Some("a/b.png"));
        assert_eq!(subject.account.as_deref(), Some("me"));
        assert_eq!(subject.keys, ["InstanceName", "PicName", "PicContent"]);
        assert_eq!(subject.picture_bytes, Some(4));
        assert_eq!(subject.call.as_deref(), Some("17"));
        assert_eq!(subject.fault.as_deref(), Some("late"));
    }

    #[test]
    fn little_is_kept_of_much() {
        let long = "é".repeat(5_000);
        let body = format!("InstanceName={long}&{long}=1{}", "&a=b".repeat(5_000));
        let subject = subject("/", &[FORM], body.leak());
        assert_eq!(subject.instance.as_deref().map(str::len), Some(2 * MOST_CHARACTERS));
        assert_eq!(subject.keys.len(), MOST_KEYS);
        assert_eq!(subject.keys[1].chars().count(), MOST_CHARACTERS);
    }

    #[test]
    fn hops_are_told_apart() {
        let authorize = subject("/?Action=AuthorizeFileUpload&AccessKeyId=me", &[], "");
        assert_eq!((authorize.hop, authorize.account.as_deref()), (Hop::Authorize, Some("me")));
        let upload = subject("/", &[("content-type", "multipart/form-data; boundary=b")], "--b");
        assert_eq!((upload.hop, upload.action.as_deref()), (Hop::Oss, Some("PostObject")));
        let older = subject("/item/add", &[("authorization", "acs me:sig")], "");
        assert_eq!((older.hop, older.action.as_deref()), (Hop::Api, Some("AddItem")));
        assert_eq!(older.account.as_deref(), Some("me"));
    }
}
