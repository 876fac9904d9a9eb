mod endpoint;
mod parameters;
mod pictures;
mod printed;

use std::collections::BTreeSet;

use imagesearch_core::{
    Credentials,
    api_request::{ApiRequest, RequestBody},
    encode::{Placed, place},
    errors::Violation,
    image::ImageLimits,
    operation::Operation,
    sign::SigningContext,
    validate::validate,
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
    let mut given = Given::read(operation, &arguments.params)?;
    if arguments.non_ascii {
        given.known.allow_non_ascii_values();
    }
    if !arguments.no_validate {
        check(operation, &given)?;
    }
    let mut placed = put(operation, &given)?;
    let mut extra_headers = Vec::new();
    if arguments.sdk_compat {
        let Some(region) = &arguments.region else {
            return Err(Failure::usage("`--sdk-compat` sends the region; set it with `--region`"));
        };
        placed.query.push(("RegionId".to_owned(), region.as_str().to_owned()));
        extra_headers.push(("x-acs-region-id", region.as_str().to_owned()));
    }
    let endpoint = endpoint::resolve(arguments)?;
    let credentials = credentials(arguments);
    let mut request = ApiRequest::new(&endpoint, operation, &placed, signature);
    request.extra_headers = &extra_headers;
    if let (RequestBody::None, false) = (request.body, placed.form.is_empty()) {
        // Some operations have no body, but a parameter may have been placed in one.
        request.body = RequestBody::Form { fields: &placed.form, pictures: &placed.pictures };
    }
    let now = || std::time::SystemTime::now().into();
    let signed = request.sign(&SigningContext {
        credentials: &credentials,
        timestamp: arguments.timestamp.unwrap_or_else(now),
        nonce: arguments.nonce.as_deref(),
    })?;
    output::json(&PrintedRequest::new(&endpoint, &signed))
}

fn check(operation: &Operation, given: &Given) -> Result<(), Failure> {
    let violations = validate(operation, &given.to_check(operation), &ImageLimits::DEFAULT);
    let lines: String = violations
        .iter()
        // A parameter placed by hand counts as given, and is not checked.
        .filter(|violation| !(is_missing(violation) && given.is_placed(&violation.parameter)))
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

fn is_missing(violation: &Violation) -> bool {
    violation.actual.as_deref() == Some("nothing")
}

fn put(operation: &Operation, given: &Given) -> Result<Placed, Failure> {
    let mut placed = place(operation, &given.known)
        .map_err(|problem| Failure::usage(format!("{}: {problem}", operation.name)))?;
    if let (true, Some((name, _))) = (operation.has_caret(), given.placed.form.first()) {
        let name = name.escape_debug();
        return Err(Failure::usage(format!(
            "{} has no form, which `form:{name}` needs",
            operation.name
        )));
    }
    placed.query.extend_from_slice(&given.placed.query);
    placed.form.extend_from_slice(&given.placed.form);
    match twice(&placed.query).or_else(|| twice(&placed.form)) {
        None => Ok(placed),
        Some(name) => Err(Failure::usage(format!(
            "{}: `{name}` would be sent twice; give it once",
            operation.name
        ))),
    }
}

fn twice(pairs: &[(String, String)]) -> Option<&str> {
    let mut seen = BTreeSet::new();
    let mut names = pairs.iter().map(|(name, _)| name.as_str());
    names.find(|name| !seen.insert(*name))
}

fn credentials(arguments: &RequestArguments) -> Credentials {
    let (id, secret) = (&*arguments.access_key_id, &*arguments.access_key_secret);
    match arguments.security_token.as_deref() {
        None | Some("") => Credentials::access_key(id, secret),
        Some(token) => Credentials::sts(id, secret, token),
    }
}
