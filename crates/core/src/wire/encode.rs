use super::{EncodeError, FormValue, UnknownParameter, WireBody, WireRequest, caret_body};
use crate::{
    caret::CaretText,
    endpoint::Endpoint,
    operation::{Location, Operation},
    parameters::{Parameters, Value},
    suggest,
};

/// Places parameters as the operation's table says.
///
/// A picture given as bytes is put into the body as Base64. A call that uploads its pictures replaces
/// them by their URLs before the request is signed.
///
/// ```
/// # use imagesearch_core::{
/// #     caret::CaretText, operations::DETAIL, parameters::Parameters, wire::encode,
/// # };
///
/// let endpoint = "imagesearch.cn-shanghai.aliyuncs.com".parse()?;
/// let parameters = Parameters::new().with("InstanceName", "shop");
/// let request = encode(&endpoint, &DETAIL, &parameters, CaretText::Ascii)?;
/// assert!(request.query_pairs().eq([("InstanceName", "shop")]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// A parameter is not in the table, or the `^` body is invalid.
pub fn encode(
    endpoint: &Endpoint,
    operation: &Operation,
    parameters: &Parameters,
    caret_text: CaretText,
) -> Result<WireRequest, EncodeError> {
    let mut request = WireRequest::new(
        endpoint.clone(),
        operation.method.clone(),
        operation.style,
        operation.name,
        operation.version,
    );
    let mut form = Vec::new();
    for (name, value) in parameters.iter() {
        let Some(parameter) = operation.parameter(name) else {
            let known = operation.parameters.iter().map(|parameter| parameter.name);
            let suggestion = suggest::closest(name, known);
            return Err(UnknownParameter { name: name.to_owned(), suggestion }.into());
        };
        match parameter.location {
            Location::Query => {
                request.query.extend(text(value).map(|text| (parameter.name.into(), text)));
            }
            Location::Form => {
                form.extend(form_value(value).map(|value| (parameter.name.into(), value)));
            }
            // Its entries have a fixed order, and some are always present.
            Location::Caret => {}
        }
    }
    if operation.has_caret() {
        request.body = WireBody::Caret(caret_body::write(operation, parameters, caret_text)?);
    } else if operation.has_form() {
        request.body = WireBody::Form(form);
    }
    Ok(request)
}

fn form_value(value: &Value) -> Option<FormValue> {
    match value.as_image().and_then(|image| image.bytes()) {
        Some(picture) => Some(FormValue::Picture(picture.clone())),
        None => text(value).map(FormValue::Text),
    }
}

fn text(value: &Value) -> Option<String> {
    value.to_wire().map(std::borrow::Cow::into_owned)
}
