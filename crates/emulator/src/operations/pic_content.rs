//! Pictures of a request: from where they are to their bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use imagesearch_core::{Image, Operation, Parameters, Value};

use crate::answer::Refusal;
use crate::state::State;

/// Replaces every picture parameter by the bytes of the picture.
///
/// A picture is the URL of an object uploaded here, or Base64. That the service takes Base64 in
/// this version is assumed: its pages show an example of it. Another URL is fetched only if its host
/// was allowed, since a caller could reach into the network with it.
///
/// An empty value becomes an empty picture, for which validation has a code.
pub(super) fn resolve(
    state: &State,
    operation: &Operation,
    parameters: &mut Parameters,
) -> Result<(), Refusal> {
    let mut result = Ok(());
    for parameter in operation.images() {
        let value = parameters.get(parameter.name).and_then(Value::to_wire);
        let Some(text) = value else {
            continue;
        };
        match fetch(state, &text) {
            Ok(bytes) => parameters.set(parameter.name, Image::from_bytes(bytes)),
            Err(refusal) => {
                // Any URL passes validation, which then says what else is wrong.
                parameters.set(parameter.name, Image::from_url("http://refused.invalid/"));
                result = result.and(Err(refusal));
            }
        }
    }
    result
}

fn fetch(state: &State, text: &str) -> Result<Bytes, Refusal> {
    let url = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let Some(url) = url else {
        let decoded = STANDARD.decode(text.trim_ascii());
        return decoded.map(Bytes::from).map_err(|_| {
            Refusal::of("InvalidPicContent")
                .because("the picture is neither the URL of an uploaded object nor Base64")
        });
    };
    let (authority, path) = url.split_once('/').unwrap_or((url, ""));
    let ours = [state.host.authority(), state.address.to_string()];
    if !ours.iter().any(|host| authority.eq_ignore_ascii_case(host)) {
        // Other tasks go on elsewhere; a download takes its limit of time at most.
        return tokio::task::block_in_place(|| state.fetcher.fetch(text));
    }
    let key = path.split(['?', '#']).next().unwrap_or_default();
    state.oss.object(key, state.clock.now()).ok_or_else(|| {
        Refusal::of("InvalidPicUrl")
            .because("no object of this name was uploaded here within the last hour")
    })
}
