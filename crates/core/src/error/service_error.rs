use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    error_table::RetryClass,
    generated::{error_code::ErrorCode, types::AccessDeniedDetail},
    secret::{Secret, redact},
    tolerant,
};

/// The maximum length of a service's message: the longest useful one contains a string to sign.
const LONGEST_MESSAGE: usize = 2_000;

/// The body of a failed response, in any of the known forms.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ServiceError {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) recommend: Option<String>,
    pub(crate) access_denied: Option<Box<AccessDeniedDetail>>,
}

impl ServiceError {
    /// Reads the JSON of the gateway and the service, or the XML of both and of OSS.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        // A byte in another charset must not cost the code and the request id.
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.starts_with('<') { Self::read_xml(text) } else { Self::read_json(text) }
    }

    /// Reads the failure from a response with a successful status.
    ///
    /// `Success: false` is a failure, and so is a code other than 0.
    pub(crate) fn read_business_failure(answer: &Map<String, Value>) -> Option<Self> {
        let refused = answer.get("Success").and_then(tolerant::as_boolean) == Some(false);
        let code = field(answer, &["Code", "code"]);
        let good = |code: &str| matches!(code, "0" | "200" | "OK" | "Success" | "success" | "");
        if !refused && code.as_deref().is_none_or(good) {
            return None;
        }
        Some(Self::of(answer))
    }

    pub(crate) fn class(&self) -> RetryClass {
        let code = self.code.as_deref().unwrap_or_default();
        if let Some(description) = ErrorCode::from(code).description() {
            return description.retry;
        }
        // The gateway has undocumented throttling codes, all with this prefix.
        if code.starts_with("Throttling") { RetryClass::Throttle } else { RetryClass::Never }
    }

    /// Returns whether the code is not in the table.
    pub(crate) fn is_unknown(&self) -> bool {
        let code = self.code.as_deref().unwrap_or_default();
        ErrorCode::from(code).description().is_none()
    }

    pub(crate) fn is_retryable(&self) -> bool {
        self.class() != RetryClass::Never
    }

    /// Redacts secrets, which a gateway echoes with its string to sign, and shortens the message.
    pub(crate) fn redact<'a>(&mut self, secrets: &(impl Iterator<Item = &'a Secret> + Clone)) {
        self.texts().for_each(|text| redact(text, secrets.clone()));
        if let Some(message) = &mut self.message
            && message.chars().nth(LONGEST_MESSAGE).is_some()
        {
            *message = message.chars().take(LONGEST_MESSAGE).chain(['…']).collect();
        }
    }

    /// Returns all texts of the response.
    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let own = [&mut self.code, &mut self.message, &mut self.request_id, &mut self.recommend];
        let denied = self.access_denied.as_deref_mut().map(|it| {
            [
                &mut it.auth_action,
                &mut it.auth_principal_display_name,
                &mut it.auth_principal_owner_id,
                &mut it.auth_principal_type,
                &mut it.encoded_diagnostic_message,
                &mut it.no_permission_type,
                &mut it.policy_type,
            ]
        });
        own.into_iter().chain(denied.into_iter().flatten()).flatten()
    }

    fn read_json(text: &str) -> Option<Self> {
        let Value::Object(object) = serde_json::from_str(text).ok()? else {
            return None;
        };
        let error = Self::of(&object);
        (error.code.is_some() || error.message.is_some()).then_some(error)
    }

    fn of(object: &Map<String, Value>) -> Self {
        Self {
            code: field(object, &["Code", "code"]),
            message: field(object, &["Message", "Msg", "message", "msg"]),
            request_id: field(object, &["RequestId", "requestId", "request_id"]),
            recommend: field(object, &["Recommend", "recommend"]),
            access_denied: object
                .get("AccessDeniedDetail")
                .and_then(|detail| AccessDeniedDetail::deserialize(detail).ok())
                .map(Box::new),
        }
    }

    fn read_xml(text: &str) -> Option<Self> {
        let element = |name: &str| {
            let after = text.split_once(&format!("<{name}>"))?.1;
            let content = after.split_once(&format!("</{name}>"))?.0;
            let literal = content.trim().strip_prefix("<![CDATA[");
            Some(match literal.and_then(|it| it.strip_suffix("]]>")) {
                Some(literal) => literal.to_owned(),
                None => unescape_xml(content.trim()),
            })
        };
        let error = Self {
            code: element("Code"),
            message: element("Message"),
            request_id: element("RequestId"),
            recommend: element("Recommend"),
            access_denied: None,
        };
        error.code.is_some().then_some(error)
    }
}

fn field(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| tolerant::text(object, name))
}

fn unescape_xml(text: &str) -> String {
    // `&amp;` comes last, so that `&amp;lt;` becomes `&lt;` and not `<`.
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_known_form() {
        let error = |code: &str, message: &str, id: &str| ServiceError {
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
            request_id: Some(id.to_owned()),
            recommend: None,
            access_denied: None,
        };
        for (body, expected) in [
            (
                r#"{"Code":"DeniedRequest","Message":"slow down","RequestId":"R","HostId":"h"}"#,
                Some(error("DeniedRequest", "slow down", "R")),
            ),
            (r#"{"Code":10,"Msg":"bad","requestId":"R"}"#, Some(error("10", "bad", "R"))),
            (
                r#"{"Code":"10","Message":"","Msg":"bad","RequestId":null,"requestId":"R"}"#,
                Some(error("10", "bad", "R")),
            ),
            (
                "<?xml version='1.0'?><Error><Code>AccessDenied</Code>\
                 <Message>a &lt;b&gt; &amp;lt;</Message><RequestId>R</RequestId></Error>",
                Some(error("AccessDenied", "a <b> &lt;", "R")),
            ),
            (
                "<Error><Code>A</Code><Message><![CDATA[b &lt; c]]></Message>\
                 <RequestId>R</RequestId></Error>",
                Some(error("A", "b &lt; c", "R")),
            ),
            (
                "\u{feff}{\"Code\":\"A\",\"Message\":\"b\",\"RequestId\":\"R\"}",
                Some(error("A", "b", "R")),
            ),
            ("<html><h1>502 Bad Gateway</h1></html>", None),
            ("{\"Code\":\"Half", None),
            ("[1]", None),
            ("", None),
        ] {
            assert_eq!(ServiceError::read(body.as_bytes()), expected, "{body}");
        }
        assert_eq!(ServiceError::read(&[0xff, 0xfe]), None);
        let in_another_charset = b"{\"Code\":\"A\",\"Message\":\"\xc4\xe3\",\"RequestId\":\"R\"}";
        let read = ServiceError::read(in_another_charset);
        assert_eq!(read, Some(error("A", "\u{fffd}\u{fffd}", "R")));
    }

    #[test]
    fn finds_failures_that_come_with_a_good_status() {
        for (answer, code) in [
            (r#"{"Success":true,"Code":0}"#, None),
            (r#"{"Success":true,"Code":"0","Message":"success"}"#, None),
            (r#"{"Data":{}}"#, None),
            (r#"{"Success":false,"Code":"InvalidInstance"}"#, Some("InvalidInstance")),
            (r#"{"Success":"false","Code":3}"#, Some("3")),
            (r#"{"Success":true,"Code":17}"#, Some("17")),
        ] {
            let answer: Map<String, Value> = serde_json::from_str(answer).unwrap();
            let failure = ServiceError::read_business_failure(&answer);
            assert_eq!(failure.and_then(|failure| failure.code).as_deref(), code, "{answer:?}");
        }
    }

    #[test]
    fn removes_secrets_that_the_gateway_echoes() {
        let secret = Secret::from("to+ken/==");
        let mut error = ServiceError {
            message: Some(
                "signed to+ken/== and to%2Bken%2F%3D%3D and to%252Bken%252F%253D%253D".into(),
            ),
            ..ServiceError::default()
        };
        error.redact(&[&secret].into_iter());
        assert_eq!(error.message.unwrap(), "signed [redacted] and [redacted] and [redacted]");
    }
}
