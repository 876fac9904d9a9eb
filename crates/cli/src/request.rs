mod endpoint;
mod parameters;
mod pictures;
mod printed;

use std::collections::BTreeSet;

use imagesearch_core::{
    Credentials,
    caret::CaretText,
    client::Endpoint,
    image::ImageLimits,
    operation::Operation,
    sign::{SigningContext, sign},
    validate::validate,
    wire::{EncodeError, WireRequest, encode},
};

use self::{parameters::Given, printed::PrintedRequest};
use crate::{
    arguments::{RequestArguments, find_operation},
    exit::Failure,
    output,
};

/// Prints the signed request that the arguments describe.
pub(crate) fn run(arguments: &RequestArguments) -> Result<(), Failure> {
    let operation = find_operation(arguments.api_version, &arguments.operation)?;
    let signature = arguments.signature.method(operation)?;
    let given = Given::read(operation, &arguments.params)?;
    if !arguments.no_validate {
        check(operation, &given)?;
    }
    let endpoint = endpoint::resolve(arguments)?;
    let text = if arguments.non_ascii { CaretText::Utf8 } else { CaretText::Ascii };
    let mut request = encoded(&endpoint, operation, &given, text)?;
    if arguments.sdk_compat {
        let Some(region) = &arguments.region else {
            return Err(Failure::usage("`--sdk-compat` sends the region; set it with `--region`"));
        };
        request.add_query("RegionId", region.as_str());
        request.add_header("x-acs-region-id", region.as_str().to_owned());
    }
    let credentials = credentials(arguments);
    let now = || std::time::SystemTime::now().into();
    let mut context = SigningContext::new(&credentials, arguments.timestamp.unwrap_or_else(now));
    context.nonce = arguments.nonce.as_deref();
    let signed = sign(signature, &request, &context);
    let request = signed.apply(&request)?;
    output::json(&PrintedRequest::new(&endpoint, &request, &signed.stages))
}

fn check(operation: &Operation, given: &Given) -> Result<(), Failure> {
    let (parameters, limits) = (given.to_check(operation), &ImageLimits::DEFAULT);
    // A parameter placed by hand counts as given, and is not checked.
    let lines: String = validate(operation, &parameters, limits, &given.placed())
        .iter()
        .map(|violation| format!("\n  - {violation}"))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{}: nothing was signed, since the request breaks documented limits{lines}",
        operation.name
    )))
}

/// Encodes the request, with what is placed by hand behind what the table places.
fn encoded(
    endpoint: &Endpoint,
    operation: &Operation,
    given: &Given,
    text: CaretText,
) -> Result<WireRequest, Failure> {
    let refuse = |error: EncodeError| {
        let hint = match &error {
            EncodeError::Unknown(unknown) if unknown.suggestion.is_none() => {
                let name = unknown.name.escape_debug();
                format!(", as `query:{name}` or `form:{name}`")
            }
            _ => String::new(),
        };
        Failure::usage(format!("{}: {error}{hint}", operation.name))
    };
    let mut request = encode(endpoint, operation, &given.known, text).map_err(refuse)?;
    for (name, value) in &given.query {
        request.add_query(name.clone(), value);
    }
    for (name, value) in &given.form {
        request.add_form(name.clone(), value).map_err(refuse)?;
    }
    let twice = twice(request.query_pairs().map(|(name, _)| name))
        .or_else(|| twice(request.body.form_pairs().map(|(name, _)| name)));
    match twice {
        None => Ok(request),
        Some(name) => Err(Failure::usage(format!(
            "{}: `{name}` would be sent twice; give it once",
            operation.name
        ))),
    }
}

fn twice<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut seen = BTreeSet::new();
    names.find(|name| !seen.insert(*name)).map(str::to_owned)
}

fn credentials(arguments: &RequestArguments) -> Credentials {
    let (id, secret) = (&*arguments.access_key_id, &*arguments.access_key_secret);
    match arguments.security_token.as_deref() {
        None | Some("") => Credentials::access_key(id, secret),
        Some(token) => Credentials::sts(id, secret, token),
    }
}
