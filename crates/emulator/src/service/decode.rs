//! From what was sent to a checked, typed call.
//!
//! The order of checks is that of the answers: the instance, its rate, the parameters, and the pictures
//! last. Nothing is decoded or fetched for a call that is refused anyway.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use imagesearch_core::caret::CaretErrorKind;
use imagesearch_core::image::ImageLimits;
use imagesearch_core::operation::{Kind, Location, Operation};
use imagesearch_core::parameters::{Parameters, Picture, Value};
use imagesearch_core::validate::validate;
use imagesearch_core::values::{BoundingBox, CategoryId, ScoreThreshold, TaskId};
use imagesearch_core::wire::{self, decode_caret};
use imagesearch_core::{Filter, Image};

use super::Service;
use super::call::Call;
use super::refusal::Refusal;
use crate::store::instance::Instance;

/// What a caller sent to an operation.
pub(crate) struct Sent<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) pairs: &'a SentPairs,
    pub(crate) body: &'a Bytes,
}

/// The names and values of query and form.
#[derive(Default)]
pub(crate) struct SentPairs {
    pub(crate) query: Vec<(String, String)>,
    pub(crate) form: Vec<(String, String)>,
}

impl SentPairs {
    /// Reads the parameters of an operation.
    ///
    /// Those that the operation does not have are ignored, as the service does.
    pub(crate) fn read(&self, operation: &Operation) -> Parameters {
        let (parameters, _unknown) = wire::decode(operation, texts(&self.query), texts(&self.form));
        parameters
    }
}

fn texts(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// Checks what was sent, and takes the input of an operation out of it.
pub(crate) fn decode<I: Input>(service: &Service, sent: &Sent<'_>) -> Result<Call<I>, Refusal> {
    let (instance, parameters) = read(service, sent, I::WAIVED)?;
    Ok(Call { instance, input: I::read(&parameters)? })
}

fn read(
    service: &Service,
    sent: &Sent<'_>,
    waived: &[&'static str],
) -> Result<(Arc<Instance>, Parameters), Refusal> {
    let operation = sent.operation;
    let name = instance_name(sent);
    let Some(instance) = service.store.instance(name) else {
        return Err(no_instance(sent, name));
    };
    admit(service, operation, &instance)?;
    let mut parameters = sent.pairs.read(operation);
    if operation.has_caret() {
        parameters.extend(read_caret(operation, sent.body)?);
    }
    accept_python_booleans(operation, &mut parameters);
    let limits = ImageLimits::of(&instance.service_type());
    let pictures = take_pictures(operation, &mut parameters);
    // SDK 4.4.0 no longer requires PicName to update; all pictures of the product are then assumed.
    check_waiving(operation, &parameters, &limits, waived)?;
    if !pictures.is_empty() {
        let resolved = resolve(service, pictures, &mut parameters);
        check_waiving(operation, &parameters, &limits, waived)?;
        resolved?;
    }
    Ok((instance, parameters))
}

/// Reads the name of the instance before anything else of the parameters.
fn instance_name<'a>(sent: &Sent<'a>) -> &'a str {
    let Some(scope) = sent.operation.parameters.iter().find(|parameter| parameter.scope) else {
        return "";
    };
    let pairs = match scope.location {
        Location::Query => &sent.pairs.query,
        _ => &sent.pairs.form,
    };
    let named = pairs.iter().rfind(|(name, _)| name == scope.name);
    named.map_or("", |(_, value)| value.as_str())
}

/// Refuses a call whose instance is not there: that comes before any other mistake but its own absence.
fn no_instance(sent: &Sent<'_>, name: &str) -> Refusal {
    let unknown = Refusal::of("InvalidInstance");
    if !name.is_empty() {
        return unknown;
    }
    let mut parameters = sent.pairs.read(sent.operation);
    take_pictures(sent.operation, &mut parameters);
    check(sent.operation, &parameters, &ImageLimits::DEFAULT).err().unwrap_or(unknown)
}

/// Refuses a call that comes too soon after others, before any work is done for it.
fn admit(service: &Service, operation: &Operation, instance: &Instance) -> Result<(), Refusal> {
    let admitted = service.limiter.admit(&instance.settings, operation.quota, service.clock.now());
    admitted.map_err(|wait| Refusal::of("DeniedRequest").retry_after(wait))
}

/// Checks parameters against the limits of an operation; the first mistake is the answer.
pub(crate) fn check(
    operation: &Operation,
    parameters: &Parameters,
    limits: &ImageLimits,
) -> Result<(), Refusal> {
    check_waiving(operation, parameters, limits, &[])
}

/// Checks parameters of which some may be absent although the table requires them.
fn check_waiving(
    operation: &Operation,
    parameters: &Parameters,
    limits: &ImageLimits,
    waived: &[&str],
) -> Result<(), Refusal> {
    match validate(operation, parameters, limits, waived).first() {
        None => Ok(()),
        Some(violation) => {
            let code = violation.code.unwrap_or("InvalidParameter");
            Err(Refusal::of(code).because(violation.to_string()))
        }
    }
}

/// Reads the parameters of a `^` body.
fn read_caret(operation: &Operation, body: &Bytes) -> Result<Parameters, Refusal> {
    let (parameters, _unknown) = decode_caret(operation, body).map_err(|error| {
        // No code is documented for pictures that are not Base64 and for texts that are not UTF-8.
        let code = error.code().unwrap_or(match error.kind() {
            CaretErrorKind::PictureContent => "UnsupportedPicFormat",
            _ => "InvalidMetaItem",
        });
        Refusal::of(code).because(error.to_string())
    })?;
    Ok(parameters)
}

/// Reads `True` and `False`, which the official Python SDK sends.
fn accept_python_booleans(operation: &Operation, parameters: &mut Parameters) {
    for parameter in operation.parameters {
        let flag = match parameters.get(parameter.name) {
            Some(Value::Text(text)) if text == "True" => true,
            Some(Value::Text(text)) if text == "False" => false,
            _ => continue,
        };
        if parameter.kind == Kind::Boolean {
            parameters.set(parameter.name, flag);
        }
    }
}

/// Replaces a missing picture: any URL passes validation, which then reports what else is wrong.
const PLACEHOLDER: &str = "http://not-resolved.invalid/";

/// A picture parameter, and the text that says where its picture is.
type Source = (&'static str, String);

/// Takes the pictures out of parameters, with something that passes in place of each, so that all else
/// is checked before one is decoded or fetched.
///
/// An empty value becomes an empty picture, for which validation has a code.
fn take_pictures(operation: &Operation, parameters: &mut Parameters) -> Vec<Source> {
    let mut taken = Vec::new();
    for parameter in operation.images() {
        let text = parameters.get(parameter.name).and_then(Value::to_wire).map(Cow::into_owned);
        let Some(text) = text else {
            continue;
        };
        if text.trim_ascii().is_empty() {
            parameters.set(parameter.name, Image::from_bytes(Bytes::new()));
            continue;
        }
        parameters.set(parameter.name, Image::from_url(PLACEHOLDER));
        taken.push((parameter.name, text));
    }
    taken
}

/// Puts the bytes of pictures where they were taken from.
///
/// A picture is the URL of an object uploaded here, or Base64. That the service takes Base64 in
/// this version is assumed: its pages show an example of it. Another URL is fetched only if its host
/// was allowed, since a caller could reach into the network with it.
///
/// The first unavailable picture is reported, and the others are put back nevertheless.
fn resolve(
    service: &Service,
    pictures: Vec<Source>,
    parameters: &mut Parameters,
) -> Result<(), Refusal> {
    let mut result = Ok(());
    for (name, text) in pictures {
        match bytes_of(service, &text) {
            Ok(bytes) => parameters.set(name, Image::from_bytes(bytes)),
            Err(refusal) => result = result.and(Err(refusal)),
        }
    }
    result
}

fn bytes_of(service: &Service, text: &str) -> Result<Bytes, Refusal> {
    let url = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let Some(url) = url else {
        let decoded = STANDARD.decode(text.trim_ascii());
        return decoded.map(Bytes::from).map_err(|_| {
            Refusal::of("InvalidPicContent")
                .because("the picture is neither the URL of an uploaded object nor Base64")
        });
    };
    let (authority, path) = url.split_once('/').unwrap_or((url, ""));
    if !service.hosts.iter().any(|host| authority.eq_ignore_ascii_case(host)) {
        // Other tasks go on elsewhere; a download takes its limit of time at most.
        return tokio::task::block_in_place(|| service.fetch.picture(text));
    }
    let key = path.split(['?', '#']).next().unwrap_or_default();
    service.uploads.get(key, service.clock.now()).ok_or_else(|| {
        Refusal::of("InvalidPicUrl")
            .because("no object of this name was uploaded here within the last hour")
    })
}

/// The parameters of one operation, but the one that names the instance.
pub(crate) trait Input: Sized {
    /// The operation that they belong to.
    const OPERATION: &'static Operation;

    /// The required parameters that one way of calling leaves out.
    const WAIVED: &'static [&'static str];

    /// Takes them out of parameters that have been validated.
    fn read(parameters: &Parameters) -> Result<Self, Refusal>;
}

/// A type that values of parameters have.
pub(crate) trait FromValue: Sized {
    /// Returns what a value holds, or `None` if it holds something else.
    fn from_value(value: &Value) -> Option<Self>;
}

/// Reads a parameter that may be absent.
pub(crate) fn optional<I: Input, T: FromValue>(
    parameters: &Parameters,
    name: &str,
) -> Result<Option<T>, Refusal> {
    let value = parameters.get(name);
    value.map(|value| T::from_value(value).ok_or_else(|| invalid::<I>(name))).transpose()
}

/// Reads a parameter that must be there.
pub(crate) fn required<I: Input, T: FromValue>(
    parameters: &Parameters,
    name: &str,
) -> Result<T, Refusal> {
    optional::<I, T>(parameters, name)?.ok_or_else(|| {
        let code = I::OPERATION.parameter(name).and_then(|it| it.missing_code);
        Refusal::of(code.unwrap_or("MissingParameter")).because(format!("{name} must be set"))
    })
}

fn invalid<I: Input>(name: &str) -> Refusal {
    let code = I::OPERATION.parameter(name).and_then(|it| it.invalid_code);
    Refusal::of(code.unwrap_or("InvalidParameter")).because(format!("{name} is not of its type"))
}

/// Reads a value that travels as a text of its own form.
macro_rules! parsed {
    ($($type:ty),*) => {
        $(impl FromValue for $type {
            fn from_value(value: &Value) -> Option<Self> {
                value.to_wire()?.parse().ok()
            }
        })*
    };
}

parsed!(BoundingBox, ScoreThreshold);

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        value.to_wire().map(Cow::into_owned)
    }
}

impl FromValue for i32 {
    fn from_value(value: &Value) -> Option<Self> {
        Self::try_from(value.as_integer()?).ok()
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_integer()
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_boolean()
    }
}

impl FromValue for CategoryId {
    fn from_value(value: &Value) -> Option<Self> {
        i32::from_value(value).map(Self::new)
    }
}

impl FromValue for TaskId {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_integer().map(Self::new)
    }
}

impl FromValue for Filter {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Filter(filter) => Some(filter.clone()),
            _ => None,
        }
    }
}

impl FromValue for Image {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_image().cloned()
    }
}

impl FromValue for Vec<Picture> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Pictures(pictures) => Some(pictures.clone()),
            _ => None,
        }
    }
}

impl FromValue for Vec<String> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Names(names) => Some(names.clone()),
            _ => None,
        }
    }
}
