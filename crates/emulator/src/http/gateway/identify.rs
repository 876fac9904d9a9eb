//! What a request is: its fields, read once, what they say of it, and what it is addressed to.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{HeaderMap, Method, header, request::Parts};
use imagesearch_core::operation::Operation;
use imagesearch_core::operations::OPERATIONS;

use super::auth::signing::Signed;
use super::form::{Fields, MAX_PARAMETERS, Unreadable};
use super::hop::Hop;
use crate::service::decode::SentPairs;
use crate::service::executions::CALL_HEADER;
use crate::service::refusal::Refusal;

/// The operation that authorizes uploads, and its version; it belongs to another product.
const AUTHORIZE: (&str, &str) = ("AuthorizeFileUpload", "2019-12-19");

/// A request whose head has come.
pub(crate) struct Head {
    pub(crate) parts: Parts,
    query: Fields,
    /// What it is about, as far as that is known without its body.
    pub(crate) summary: RequestSummary,
}

/// A request that has come as a whole.
pub(crate) struct Identified {
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    pub(crate) summary: RequestSummary,
    query: Fields,
    form: Fields,
}

impl Head {
    /// Reads the query of a request.
    pub(crate) fn of(parts: Parts) -> Self {
        let query = Fields::read(parts.uri.query().unwrap_or_default().as_bytes());
        let summary = RequestSummary::of(&parts, &query, &Fields::default());
        Self { parts, query, summary }
    }

    /// Reads the form, if the body is one.
    pub(crate) fn with_body(self, body: Bytes) -> Identified {
        let Self { parts, query, .. } = self;
        let form = if is_form(&parts.headers) { Fields::read(&body) } else { Fields::default() };
        let summary = RequestSummary::of(&parts, &query, &form);
        Identified { parts, body, summary, query, form }
    }
}

impl Identified {
    /// Takes the names and values of query and form, if all of them could be read.
    pub(crate) fn take_pairs(&mut self) -> Result<SentPairs, Refusal> {
        let pairs = |fields: &mut Fields| std::mem::take(fields).into_pairs().map_err(malformed);
        let query = pairs(&mut self.query)?;
        Ok(SentPairs { query, form: pairs(&mut self.form)? })
    }
}

fn malformed(error: Unreadable) -> Refusal {
    Refusal::of("InvalidParameter").because(match error {
        Unreadable::Malformed => "query and form must be UTF-8, percent-encoded".to_owned(),
        Unreadable::TooMany => {
            format!("query and form may have {MAX_PARAMETERS} parameters each, and not more")
        }
    })
}

/// What a call is addressed to.
pub(crate) enum Target {
    AuthorizeFileUpload,
    Operation(&'static Operation),
}

impl Target {
    /// Reads operation and version from headers, or from the query as older signatures have it.
    ///
    /// An operation with a path of its own is named by that path. Its name may be sent besides; that
    /// another name is refused is assumed.
    pub(crate) fn of(signed: &Signed<'_>) -> Result<Self, Refusal> {
        let named = |header: &str, parameter: &str| {
            let pair = signed.query.iter().find(|(name, _)| name == parameter);
            let in_query = pair.map(|(_, value)| value.as_str());
            let in_header = signed.headers.get(header).and_then(|it| it.to_str().ok());
            in_query.or(in_header)
        };
        let action = named("x-acs-action", "Action");
        if action.is_none() && signed.path == "/" {
            return Err(Refusal::of("MissingParameter")
                .because("x-acs-action, or Action in the query, must name the operation"));
        }
        let Some(version) = named("x-acs-version", "Version") else {
            return Err(Refusal::of("MissingParameter")
                .because("x-acs-version, or Version in the query, must name the version"));
        };
        if (action, version) == (Some(AUTHORIZE.0), AUTHORIZE.1) && signed.path == "/" {
            return Ok(Self::AuthorizeFileUpload);
        }
        let operation = find(version, signed.path, action)?;
        if *signed.method != operation.method {
            return Err(Refusal::of("UnsupportedHTTPMethod"));
        }
        Ok(Self::Operation(operation))
    }
}

/// Finds the operation of a version at a path.
fn find(version: &str, path: &str, action: Option<&str>) -> Result<&'static Operation, Refusal> {
    let versions: BTreeSet<&str> = OPERATIONS.iter().map(|it| it.version).collect();
    if !versions.contains(version) {
        let versions: Vec<&str> = versions.into_iter().collect();
        let reason =
            format!("this emulator has {}, and {} for uploads", versions.join(", "), AUTHORIZE.1);
        return Err(Refusal::of("NoSuchVersion").because(reason));
    }
    let fits = |it: &&&Operation| {
        it.version == version && it.path() == path && action.is_none_or(|name| name == it.name)
    };
    OPERATIONS.iter().find(fits).copied().ok_or_else(|| {
        let known = action.and_then(|name| Operation::find(version, name));
        let refusal = Refusal::of("InvalidApi.NotFound");
        match known {
            Some(operation) => refusal.because(format!(
                "the path of {} in version {version} is {}",
                operation.name,
                operation.path()
            )),
            None => refusal.because(format!("version {version} has no such operation at {path}")),
        }
    })
}

/// The header by which a request asks for one fault rule, and for no other.
pub(crate) const FAULT_HEADER: &str = "x-emulator-fault";

/// The longest text of a request that is kept, in characters; documented names have at most 256.
const MAX_CHARACTERS: usize = 512;

/// How many names of parameters are kept; no operation has as many.
const MAX_KEYS: usize = 64;

/// Describes a request before anything of it is checked; nothing in it is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestSummary {
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

impl RequestSummary {
    /// Sums up a request; the form is empty until its body has been read.
    pub(crate) fn of(parts: &Parts, query: &Fields, form: &Fields) -> Self {
        let text = |name: &str| header_text(&parts.headers, name);
        let is_upload = is_upload(parts);
        let value = |fields: &Fields, names: &[&str]| fields.value(names).map(bounded);
        let named = value(query, &["Action"]).or_else(|| text("x-acs-action"));
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
        let either = |names: &[&str]| value(form, names).or_else(|| value(query, names));
        let credential = text(header::AUTHORIZATION.as_str());
        let credential = credential.as_deref().and_then(claimed_key);
        Self {
            hop,
            action,
            instance: either(&["InstanceName", "instanceName"]),
            pic_name: either(&["PicName", "picName"]),
            account: value(query, &["AccessKeyId"]).or(credential),
            keys: query.names().chain(form.names()).take(MAX_KEYS).map(bounded).collect(),
            picture_bytes: form.value(&["PicContent"]).and_then(base64_bytes),
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

/// Returns whether a body says to be a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    has_type(headers, "application/x-www-form-urlencoded")
}

/// Returns whether a body says to be of a type, whatever its parameters.
fn has_type(headers: &HeaderMap, expected: &str) -> bool {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.split(';').next());
    given.is_some_and(|it| it.trim().eq_ignore_ascii_case(expected))
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|it| it.to_str().ok()).map(|it| bounded(it.trim()))
}

/// Takes the beginning of a text that is longer than any that means something.
fn bounded(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => text.split_at(end).0.to_owned(),
        None => text.to_owned(),
    }
}

/// Names the operation that a path stands for, where no other has it.
fn action_of_path(parts: &Parts) -> Option<String> {
    let mut at = OPERATIONS.iter().filter(|it| it.path() == parts.uri.path());
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

/// Returns how many bytes a picture in Base64 has; none for one that is named by a URL.
fn base64_bytes(text: &str) -> Option<usize> {
    if text.starts_with("http") {
        return None;
    }
    let padding = text.bytes().rev().take(2).take_while(|byte| *byte == b'=').count();
    Some((text.len() / 4 * 3).saturating_sub(padding))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(uri: &str, headers: &[(&str, &str)], body: &str) -> RequestSummary {
        let mut request = http::Request::builder().method("POST").uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let query = Fields::read(parts.uri.query().unwrap_or_default().as_bytes());
        let form = Fields::read(if is_form(&parts.headers) { body.as_bytes() } else { b"" });
        RequestSummary::of(&parts, &query, &form)
    }

    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");

    #[test]
    fn calls_are_read_from_headers_and_form() {
        let summary = summary(
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
        assert_eq!(summary.hop, Hop::Api);
        assert_eq!(summary.action.as_deref(), Some("AddImage"));
        assert_eq!(summary.instance.as_deref(), Some("shop"));
        assert_eq!(summary.pic_name.as_deref(), Some("a/b.png"));
        assert_eq!(summary.account.as_deref(), Some("me"));
        assert_eq!(summary.keys, ["InstanceName", "PicName", "PicContent"]);
        assert_eq!(summary.picture_bytes, Some(4));
        assert_eq!(summary.call.as_deref(), Some("17"));
        assert_eq!(summary.fault.as_deref(), Some("late"));
    }

    #[test]
    fn little_is_kept_of_much() {
        let long = "é".repeat(5_000);
        let body = format!("InstanceName={long}&{long}=1{}", "&a=b".repeat(5_000));
        let summary = summary("/", &[FORM], &body);
        assert_eq!(summary.instance.as_deref().map(str::len), Some(2 * MAX_CHARACTERS));
        assert_eq!(summary.keys.len(), MAX_KEYS);
        assert_eq!(summary.keys[1].chars().count(), MAX_CHARACTERS);
    }

    #[test]
    fn hops_are_told_apart() {
        let authorize = summary("/?Action=AuthorizeFileUpload&AccessKeyId=me", &[], "");
        assert_eq!((authorize.hop, authorize.account.as_deref()), (Hop::Authorize, Some("me")));
        let upload = summary("/", &[("content-type", "multipart/form-data; boundary=b")], "--b");
        assert_eq!((upload.hop, upload.action.as_deref()), (Hop::Oss, Some("PostObject")));
        let older = summary("/item/add", &[("authorization", "acs me:sig")], "");
        assert_eq!((older.hop, older.action.as_deref()), (Hop::Api, Some("AddItem")));
        assert_eq!(older.account.as_deref(), Some("me"));
    }
}
