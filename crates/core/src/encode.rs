//! Turns parameters into the query and body of a request, and back.
//!
//! The client encodes with the operation's table and the emulator decodes with the same one.

mod caret_body;
mod error;

pub use caret_body::lift_caret;
pub use error::{PlaceError, UnknownParameter};

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine};

use bytes::Bytes;

use crate::{
    body::Body,
    filter::Filter,
    hidden::Hidden,
    image::Image,
    operation::{Kind, Location, Operation, Parameter},
    parameters::{Parameters, Value},
    percent, suggest,
};

/// Names and values where they travel, decoded. `Debug` shows the lengths of values only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Placed {
    /// In the query of the URL.
    pub query: Vec<(String, String)>,
    /// In the form body.
    pub form: Vec<(String, String)>,
    /// In the form body, as Base64.
    pub pictures: Vec<(String, Bytes)>,
    /// The `^` body, of the operations that have one.
    pub caret: Option<Body>,
}

impl fmt::Debug for Placed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Placed")
            .field("query", &Hidden(&self.query))
            .field("form", &Hidden(&self.form))
            .field("pictures", &Hidden(&self.pictures))
            .field("caret", &self.caret)
            .finish()
    }
}

/// Puts parameters where the operation's table says.
///
/// A picture's bytes travel as Base64; the exchange replaces those that are uploaded by their URL
/// first.
///
/// # Errors
///
/// A parameter is not in the table, or the `^` body cannot be written.
pub fn place(operation: &Operation, parameters: &Parameters) -> Result<Placed, PlaceError> {
    let mut placed = Placed::default();
    for (name, value) in parameters.iter() {
        let Some(parameter) = operation.parameter(name) else {
            let known = operation.parameters.iter().map(|parameter| parameter.name);
            let suggestion = suggest::closest(name, known);
            return Err(UnknownParameter { name: name.to_owned(), suggestion }.into());
        };
        if let (Location::Form, Value::Image(image)) = (parameter.location, value)
            && let Some(bytes) = image.bytes()
        {
            placed.pictures.push((name.to_owned(), bytes.clone()));
            continue;
        }
        let Some(text) = value.to_wire() else {
            continue;
        };
        let side = match parameter.location {
            Location::Query => &mut placed.query,
            Location::Form => &mut placed.form,
            // Its entries have an order of their own, and some are always there.
            Location::Caret => continue,
        };
        side.push((name.to_owned(), text.into_owned()));
    }
    if operation.has_caret() {
        placed.caret = Some(caret_body::write(operation, parameters)?);
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
