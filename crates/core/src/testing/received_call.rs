use std::{borrow::Cow, fmt, sync::OnceLock};

use crate::{
    error::Error,
    operation::Operation,
    parameters::{Parameters, Value},
    suggest,
};

/// An attempt of a call, as a mock has received it.
///
/// The parameters are those that the caller has set: a picture is its bytes, although the client
/// uploads it and sends its URL. `Debug` and `Display` hide what the specification calls sensitive.
#[derive(Clone)]
pub struct ReceivedCall {
    pub(super) operation: Option<&'static Operation>,
    pub(super) version: String,
    pub(super) name: String,
    pub(super) instance: String,
    pub(super) parameters: Parameters,
    /// The first name that was asked for and is no parameter of the operation.
    pub(super) misnamed: OnceLock<String>,
}

impl ReceivedCall {
    /// Returns the wire name of the operation.
    pub fn operation(&self) -> &str {
        &self.name
    }

    /// Returns the version of the API.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns the name of the instance that the call is for.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// Returns the parameters, with the name of the instance if the operation has it as one.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Returns the value of a parameter by its wire name, or `None` if the caller has not set it.
    ///
    /// In a rule's closure a name that the operation does not have makes the call fail.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let value = self.parameters.get(name);
        let known = self.operation.is_none_or(|operation| operation.parameter(name).is_some());
        if value.is_none() && !known {
            self.misnamed.get_or_init(|| name.to_owned());
        }
        value
    }

    /// Returns the text that a parameter travels as, as [`get`](Self::get) finds it.
    ///
    /// A picture that is not a URL has none.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name)?.to_wire()
    }

    /// Checks whether a parameter has a value, as [`get`](Self::get) finds it.
    pub fn has(&self, name: &str, value: impl Into<Value>) -> bool {
        self.get(name).is_some_and(|own| is_same(own, &value.into()))
    }

    /// Checks whether the caller has set these parameters and no others.
    pub(super) fn has_exactly(&self, parameters: &Parameters) -> bool {
        let has_it = |(name, value): (&str, &Value)| {
            self.parameters.get(name).is_some_and(|own| is_same(own, value))
        };
        parameters.iter().all(has_it) && self.own().all(|(name, _)| parameters.get(name).is_some())
    }

    /// Explains which name was asked for that is no parameter of the operation.
    pub(super) fn misnamed_parameter(&self) -> Option<Error> {
        let (name, operation) = (self.misnamed.get()?, self.operation?);
        let error =
            Error::misuse(format!("a rule asks for `{name}`, which {} does not have", self.name));
        let known = operation.parameters.iter().map(|parameter| parameter.name);
        Some(match suggest::closest(name, known) {
            Some(meant) => error.with_advice(format!("did you mean `{meant}`?")),
            None => error,
        })
    }

    /// Lists the parameters without the name of the instance.
    fn own(&self) -> impl Iterator<Item = (&str, &Value)> {
        let scope = self.operation.and_then(|it| it.parameters.iter().find(|it| it.scope));
        self.parameters.iter().filter(move |(name, _)| scope.is_none_or(|it| it.name != *name))
    }
}

impl fmt::Display for ReceivedCall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.own().map(|(name, value)| (name.to_owned(), value.clone()));
        let parameters: Parameters = own.collect();
        let Self { name, version, instance, .. } = self;
        write!(formatter, "{name} ({version}) on `{instance}` with {parameters:?}")
    }
}

impl fmt::Debug for ReceivedCall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Compares what travels: a call by name may hold a number as text.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left.to_wire(), right.to_wire()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}
