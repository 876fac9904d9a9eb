use std::{borrow::Cow, fmt};

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

use crate::{
    body::{Body, Segment},
    percent,
    redacted::RedactedPairs,
};

/// The body of a request. `Debug` shows only the lengths of values.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum WireBody {
    /// No body and no content type.
    None,
    /// A form, possibly an empty one.
    Form(Vec<(Cow<'static, str>, FormValue)>),
    /// A `^` body.
    Caret(Body),
    /// A JSON object, for callers that build their requests themselves: no table of an operation puts
    /// a parameter there. `HMAC-SHA1` of RPC operations does not cover it.
    Json(serde_json::Map<String, serde_json::Value>),
}

/// The value of a form's field. `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormValue {
    /// A text, not yet percent-encoded.
    Text(String),
    /// A picture, sent as Base64.
    Picture(Bytes),
}

impl WireBody {
    /// Creates a form of texts.
    pub fn form<N: Into<Cow<'static, str>>>(fields: impl IntoIterator<Item = (N, String)>) -> Self {
        let fields = fields.into_iter();
        Self::Form(fields.map(|(name, text)| (name.into(), FormValue::Text(text))).collect())
    }

    /// Returns the content type.
    pub fn content_type(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::Caret(_) => Some("application/octet-stream"),
            Self::Json(_) => Some("application/json"),
        }
    }

    /// Writes the body.
    ///
    /// Pictures stay as they are and become Base64 while the body is hashed and sent.
    pub fn to_body(&self) -> Body {
        match self {
            Self::None => Body::default(),
            Self::Form(fields) => form(fields),
            Self::Caret(body) => body.clone(),
            Self::Json(object) => Body::from(json(object)),
        }
    }

    /// Iterates over the fields of a form as texts, a picture's in Base64; other bodies have none.
    pub fn form_pairs(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let fields = match self {
            Self::Form(fields) => fields.as_slice(),
            Self::None | Self::Caret(_) | Self::Json(_) => &[],
        };
        fields.iter().map(|(name, value)| (name.as_ref(), value.to_text()))
    }

    /// Replaces a picture by its URL, or gives the URL back if the body does not have the picture.
    pub(super) fn set_url(&mut self, name: &str, url: String) -> Result<(), String> {
        match self {
            Self::Form(fields) => match fields.iter_mut().find(|(field, _)| field == name) {
                Some((_, value)) => *value = FormValue::Text(url),
                None => return Err(url),
            },
            Self::Json(object) => match object.get_mut(name) {
                Some(value) => *value = url.into(),
                None => return Err(url),
            },
            Self::None | Self::Caret(_) => return Err(url),
        }
        Ok(())
    }
}

impl FormValue {
    /// Returns the text that travels, which is percent-encoded on its way.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Picture(picture) => Cow::Owned(BASE64_STANDARD.encode(picture)),
        }
    }
}

/// Writes an object; printing one whose names are strings cannot fail.
fn json(object: &serde_json::Map<String, serde_json::Value>) -> String {
    serde_json::to_string(object).unwrap_or_default()
}

/// Writes a form: the texts as one segment, then the pictures.
fn form(fields: &[(Cow<'static, str>, FormValue)]) -> Body {
    let texts = fields.iter().filter_map(|(name, value)| match value {
        FormValue::Text(text) => Some((name.as_ref(), text.as_str())),
        FormValue::Picture(_) => None,
    });
    let mut segments = vec![Segment::plain(percent::form_urlencoded(texts))];
    for (name, value) in fields {
        let FormValue::Picture(picture) = value else { continue };
        let separator = if segments.iter().all(Segment::is_empty) { "" } else { "&" };
        segments.push(Segment::plain(format!("{separator}{}=", percent::encode(name))));
        segments.push(Segment::form_base64(picture.clone()));
    }
    Body::new(segments)
}

impl fmt::Debug for WireBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("None"),
            Self::Form(fields) => {
                formatter.debug_tuple("Form").field(&RedactedPairs(fields)).finish()
            }
            Self::Caret(body) => formatter.debug_tuple("Caret").field(body).finish(),
            Self::Json(object) => {
                let values: Vec<(&String, String)> =
                    object.iter().map(|(name, value)| (name, value.to_string())).collect();
                formatter.debug_tuple("Json").field(&RedactedPairs(&values)).finish()
            }
        }
    }
}

impl AsRef<[u8]> for FormValue {
    /// Returns the bytes of the text or of the picture, before any encoding.
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Picture(picture) => picture,
        }
    }
}

impl fmt::Debug for FormValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bytes", self.as_ref().len())
    }
}

#[cfg(test)]
mod tests;
