use std::borrow::Cow;

use crate::{
    caret::CaretText,
    config::CallOptions,
    endpoint::Endpoint,
    error::Error,
    image::{Image, ImageLimits},
    operation::{Access, Idempotency, Operation, QuotaGroup, Style},
    parameters::Parameters,
    request::{RawRequest, Request},
    validate::{Violation, validate},
    wire::{EncodeError, WireRequest, encode},
};

/// A call before it starts: its request and options.
#[derive(Clone, Debug)]
pub struct PreparedCall {
    operation: Option<&'static Operation>,
    name: Cow<'static, str>,
    version: Cow<'static, str>,
    instance: String,
    parameters: Parameters,
    waived: &'static [&'static str],
    /// What a raw call puts into the query, whatever the table says.
    query: Parameters,
    /// What a raw call puts into the form.
    form: Parameters,
    image_limits: ImageLimits,
    pub(super) options: CallOptions,
}

impl PreparedCall {
    /// Prepares a typed request for an instance.
    pub fn request<R: Request>(
        request: R,
        instance: &str,
        image_limits: ImageLimits,
        options: CallOptions,
    ) -> Self {
        let operation = R::OPERATION;
        Self {
            operation: Some(operation),
            name: Cow::Borrowed(operation.name),
            version: Cow::Borrowed(operation.version),
            instance: instance.to_owned(),
            waived: request.waived(),
            parameters: with_instance(operation, instance, request.into_parameters()),
            query: Parameters::new(),
            form: Parameters::new(),
            image_limits,
            options,
        }
    }

    /// Prepares a call by name for an instance.
    ///
    /// The instance's name is placed as the operation's table says, or in the form if the operation
    /// is unknown.
    pub fn raw(
        call: RawRequest,
        instance: &str,
        image_limits: ImageLimits,
        options: CallOptions,
    ) -> Self {
        let RawRequest { name, version, known: mut parameters, query, mut form } = call;
        let operation = Operation::find(&version, &name);
        match operation {
            Some(operation) => parameters = with_instance(operation, instance, parameters),
            None if query.get(INSTANCE_NAME).is_none() && form.get(INSTANCE_NAME).is_none() => {
                form.set(INSTANCE_NAME, instance);
            }
            None => {}
        }
        Self {
            operation,
            name: Cow::Owned(name),
            version: Cow::Owned(version),
            instance: instance.to_owned(),
            parameters,
            waived: &[],
            query,
            form,
            image_limits,
            options,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    #[cfg(feature = "testing")]
    pub(crate) fn version(&self) -> &str {
        &self.version
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
    pub(crate) fn extra_parameters(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let pairs = self.query.iter().chain(self.form.iter());
        pairs.filter_map(|(name, value)| Some((name, value.to_wire()?)))
    }

    /// Returns the rate group of the call, or `None` if the operation is unknown.
    pub(super) fn quota_group(&self) -> Option<QuotaGroup> {
        Some(self.operation?.quota.group)
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

    /// Checks the parameters and encodes the request, once for all attempts of the call.
    ///
    /// # Errors
    ///
    /// All violations of documented limits at once if these are enforced, or a parameter whose
    /// location is not known.
    pub(super) fn encode(
        &self,
        endpoint: &Endpoint,
        enforce_limits: bool,
    ) -> Result<WireRequest, Error> {
        let mut request = match self.operation {
            Some(operation) => self.encode_known(operation, endpoint, enforce_limits)?,
            None => self.encode_unknown(endpoint)?,
        };
        for (name, value) in self.query.iter() {
            if let Some(text) = value.to_wire() {
                request.add_query(name.to_owned(), text);
            }
        }
        for (name, value) in self.form.iter() {
            if let Some(text) = value.to_wire() {
                request
                    .add_form(name.to_owned(), text)
                    .map_err(|error| Error::misuse(error.to_string()))?;
            }
        }
        Ok(request)
    }

    fn encode_known(
        &self,
        operation: &'static Operation,
        endpoint: &Endpoint,
        enforce_limits: bool,
    ) -> Result<WireRequest, Error> {
        if enforce_limits {
            let violations = validate(operation, &self.parameters, &self.image_limits, self.waived);
            if !violations.is_empty() {
                return Err(Error::invalid(violations));
            }
        }
        let text = if self.options.non_ascii_values { CaretText::Utf8 } else { CaretText::Ascii };
        encode(endpoint, operation, &self.parameters, text).map_err(|error| match error {
            EncodeError::Caret(error) => Error::invalid(vec![Violation::caret(operation, &error)]),
            error => Error::misuse(error.to_string()),
        })
    }

    fn encode_unknown(&self, endpoint: &Endpoint) -> Result<WireRequest, Error> {
        if let Some((name, _)) = self.parameters.iter().next() {
            return Err(Error::misuse(format!(
                "could not place `{name}`: operation {} is unknown",
                self.name
            ))
            .with_advice("set it with `query` or `form`"));
        }
        let (method, style) = (http::Method::POST, Style::Rpc);
        let (name, version) = (self.name.clone(), self.version.clone());
        Ok(WireRequest::new(endpoint.clone(), method, style, name, version))
    }
}

/// Where operations of 2020-12-14 have the name of the instance.
const INSTANCE_NAME: &str = "InstanceName";

/// Adds the instance's name to the parameters of an operation that is called on an instance.
fn with_instance(
    operation: &'static Operation,
    instance: &str,
    parameters: Parameters,
) -> Parameters {
    let name = operation.parameters.iter().find(|it| it.scope).map(|it| it.name);
    match name {
        Some(name) if parameters.get(name).is_none() => parameters.with(name, instance),
        _ => parameters,
    }
}
