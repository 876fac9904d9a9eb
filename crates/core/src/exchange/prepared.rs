use std::borrow::Cow;

use crate::{
    config::CallOptions,
    encode::{PlaceError, Placed, place},
    error::Error,
    image::{Image, ImageLimits},
    operation::{Access, Idempotency, Operation, QuotaGroup, Style},
    parameters::{Parameters, Value},
    request::{RawCall, Request},
    validate::{Violation, validate},
};

/// A call before it starts: its request and options.
#[derive(Clone, Debug)]
pub struct Prepared {
    operation: Option<&'static Operation>,
    name: Cow<'static, str>,
    version: Cow<'static, str>,
    instance: String,
    parameters: Parameters,
    extra: Placed,
    image_limits: ImageLimits,
    pub(super) options: CallOptions,
}

impl Prepared {
    /// Prepares a typed request for an instance.
    pub fn request<R: Request>(
        request: R,
        instance: &str,
        image_limits: ImageLimits,
        options: CallOptions,
    ) -> Self {
        let mut parameters = request.into_parameters();
        if options.non_ascii_values {
            parameters.allow_non_ascii_values();
        }
        Self {
            operation: Some(R::OPERATION),
            name: Cow::Borrowed(R::OPERATION.name),
            version: Cow::Borrowed(R::OPERATION.version),
            instance: instance.to_owned(),
            parameters: scoped(R::OPERATION, instance, parameters),
            extra: Placed::default(),
            image_limits,
            options,
        }
    }

    /// Prepares a call by name for an instance.
    ///
    /// The instance's name is placed as the operation's table says, or in the form if the operation
    /// is unknown.
    pub fn raw(
        call: RawCall,
        instance: &str,
        image_limits: ImageLimits,
        options: CallOptions,
    ) -> Self {
        let operation = Operation::find(&call.version, &call.name);
        let wire = |parameters: &Parameters| {
            let pairs = parameters.iter();
            pairs
                .filter_map(|(name, value)| Some((name.to_owned(), value.to_wire()?.into_owned())))
                .collect::<Vec<_>>()
        };
        let mut extra =
            Placed { query: wire(&call.query), form: wire(&call.form), ..Placed::default() };
        let mut parameters = match operation {
            Some(operation) => scoped(operation, instance, call.known),
            None => {
                let named = |pairs: &[(String, String)]| {
                    pairs.iter().any(|(name, _)| name == "InstanceName")
                };
                if !named(&extra.query) && !named(&extra.form) {
                    extra.form.push(("InstanceName".to_owned(), instance.to_owned()));
                }
                call.known
            }
        };
        if options.non_ascii_values {
            parameters.allow_non_ascii_values();
        }
        Self {
            operation,
            name: Cow::Owned(call.name),
            version: Cow::Owned(call.version),
            instance: instance.to_owned(),
            parameters,
            extra,
            image_limits,
            options,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    #[cfg(feature = "testing")]
    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    #[cfg(feature = "testing")]
    pub(crate) fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Lists the parameters of a call by name that are put where the caller says.
    #[cfg(feature = "testing")]
    pub(crate) fn extra_parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.extra.query.iter().chain(&self.extra.form);
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the rate group of the call, or `None` if the operation is unknown.
    pub(super) fn quota_group(&self) -> Option<QuotaGroup> {
        Some(self.operation?.quota.group)
    }

    pub(super) fn method(&self) -> http::Method {
        self.operation.map_or(http::Method::POST, |operation| operation.method.clone())
    }

    pub(super) fn style(&self) -> Style {
        self.operation.map_or(Style::Rpc, |operation| operation.style)
    }

    /// Returns whether a lost response may hide a change. An unknown operation may change anything.
    pub(super) fn writes(&self) -> bool {
        self.operation.is_none_or(|operation| operation.access == Access::Write)
    }

    /// Returns whether the operation is idempotent. An unknown operation is not.
    pub(super) fn is_idempotent(&self) -> bool {
        let class = self.operation.map(|operation| operation.idempotency);
        class == Some(Idempotency::Idempotent)
    }

    /// Checks the request, and that every parameter has a place.
    pub(super) fn check(&self, enforce_limits: bool) -> Result<(), Error> {
        let Some(operation) = self.operation else {
            return match self.parameters.iter().next() {
                Some((name, _)) => Err(Error::misuse(format!(
                    "the unknown operation {} does not say where to send `{name}`",
                    self.name
                ))
                .with_advice("place it with `query` or `form`")),
                None => Ok(()),
            };
        };
        if enforce_limits {
            let violations = validate(operation, &self.parameters, &self.image_limits);
            if !violations.is_empty() {
                return Err(Error::invalid(violations));
            }
        }
        place(operation, &self.parameters).map(drop).map_err(|error| match error {
            PlaceError::Unknown(_) => Error::misuse(error.to_string()),
            PlaceError::Caret(error) => Error::invalid(vec![Violation::caret(operation, &error)]),
        })
    }

    /// Returns the pictures to upload before the operation.
    pub(super) fn images(&self) -> Vec<(&'static str, Image)> {
        let Some(operation) = self.operation else {
            return Vec::new();
        };
        operation
            .images()
            .filter_map(|parameter| {
                let image = self.parameters.get(parameter.name)?.as_image()?;
                image.bytes().is_some().then(|| (parameter.name, image.clone()))
            })
            .collect()
    }

    /// Replaces a picture with the URL of its upload.
    pub(super) fn replace_image(&mut self, name: &'static str, text: String) {
        self.parameters.set(name, Value::Text(text));
    }

    /// Places the parameters in the request.
    pub(super) fn place(&self) -> Placed {
        // `check` has placed the same names before, so this cannot fail.
        let known = self.operation.and_then(|it| place(it, &self.parameters).ok());
        let mut placed = known.unwrap_or_default();
        placed.query.extend(self.extra.query.iter().cloned());
        placed.form.extend(self.extra.form.iter().cloned());
        placed
    }

    /// Returns whether the request has a form body, even an empty one.
    pub(super) fn has_form(&self) -> bool {
        !self.extra.form.is_empty() || self.operation.is_some_and(Operation::has_form)
    }
}

/// Adds the instance's name to the parameters of an operation that is called on an instance.
fn scoped(operation: &'static Operation, instance: &str, parameters: Parameters) -> Parameters {
    let scope = operation.parameters.iter().find(|parameter| parameter.scope);
    match scope {
        Some(scope) if parameters.get(scope.name).is_none() => {
            parameters.with(scope.name, instance)
        }
        _ => parameters,
    }
}
