//! Turns parameters into the query and form of a request, and back.
//!
//! The client encodes with the operation's table and the emulator decodes with the same one.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine};

use crate::{
    filter::Filter,
    image::Image,
    operation::{Kind, Location, Operation, Parameter},
    parameters::{Parameters, Value},
    percent, suggest,
};

/// Names and values where they travel, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// In the query of the URL.
    pub query: Vec<(String, String)>,
    /// In the form body.
    pub form: Vec<(String, String)>,
}

/// A parameter that the operation's table does not have, so that nothing says where it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownParameter {
    /// The name that was given.
    pub name: String,
    /// The known name that was probably meant.
    pub suggestion: Option<&'static str>,
}

impl fmt::Display for UnknownParameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is not a parameter of this operation", self.name.escape_debug())?;
        match self.suggestion {
            Some(name) => write!(formatter, "; did you mean `{name}`?"),
            None => write!(
                formatter,
                "; say `query:{0}` or `form:{0}` if it is newer than this version",
                self.name.escape_debug()
            ),
        }
    }
}

impl std::error::Error for UnknownParameter {}

/// Puts parameters where the operation's table says.
///
/// Pictures that are not URLs have no text yet and are left out: the exchange replaces them by the
/// place they were uploaded to, or by Base64, first.
///
/// # Errors
///
/// A parameter is not in the table.
pub fn place(operation: &Operation, parameters: &Parameters) -> Result<Placed, UnknownParameter> {
    let mut placed = Placed::default();
    for (name, value) in parameters.iter() {
        let Some(parameter) = operation.parameter(name) else {
            let known = operation.parameters.iter().map(|parameter| parameter.name);
            let suggestion = suggest::closest(name, known);
            return Err(UnknownParameter { name: name.to_owned(), suggestion });
        };
        let Some(text) = value.to_wire() else {
            continue;
        };
        let side = match parameter.location {
            Location::Query => &mut placed.query,
            Location::Form => &mut placed.form,
            // The `^` body is written by `caret`, names, order and all.
            Location::Caret => continue,
        };
        side.push((name.to_owned(), text.into_owned()));
    }
    Ok(placed)
}

/// Reads parameters back from where they travelled.
///
/// A value that does not fit its kind stays a text, for validation to name. Names that the table
/// does not have, or has elsewhere, are returned beside the parameters.
pub fn lift(operation: &Operation, placed: &Placed) -> (Parameters, Vec<String>) {
    let mut parameters = Parameters::new();
    let mut unknown = Vec::new();
    let query = placed.query.iter().map(|pair| (Location::Query, pair));
    let form = placed.form.iter().map(|pair| (Location::Form, pair));
    for (location, (name, text)) in query.chain(form) {
        match operation.parameter(name) {
            Some(parameter) if parameter.location == location => {
                parameters.set(parameter.name, read(parameter, text));
            }
            _ => unknown.push(name.clone()),
        }
    }
    (parameters, unknown)
}

/// Reads one value as its kind, or as a text where it does not fit.
pub fn read(parameter: &Parameter, text: &str) -> Value {
    let as_text = || Value::Text(text.to_owned());
    match parameter.kind {
        Kind::Integer32 | Kind::Integer64 | Kind::Category | Kind::TaskId => {
            text.parse().map_or_else(|_| as_text(), Value::Integer)
        }
        Kind::Boolean => match text {
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            _ => as_text(),
        },
        Kind::Filter => Filter::parse(text).map_or_else(|_| as_text(), Value::Filter),
        Kind::Image => Value::Image(Image::from_url(text)),
        Kind::InlineImage => BASE64_STANDARD
            .decode(text)
            .map_or_else(|_| as_text(), |bytes| Value::Image(Image::from_bytes(bytes))),
        Kind::String
        | Kind::BoundingBox
        | Kind::ScoreThreshold
        | Kind::Pictures
        | Kind::PictureNames => as_text(),
    }
}

/// Writes names and values as a form body or raw query: `a=1&b=2`, spaces as `%20`.
pub fn form_urlencoded(pairs: &[(String, String)]) -> String {
    let capacity = pairs.iter().map(|(name, value)| name.len() + value.len() * 5 / 4 + 2).sum();
    let mut encoded = String::with_capacity(capacity);
    for (name, value) in pairs {
        if !encoded.is_empty() {
            encoded.push('&');
        }
        encoded.extend(percent::encode(name));
        encoded.push('=');
        encoded.extend(percent::encode(value));
    }
    encoded
}
