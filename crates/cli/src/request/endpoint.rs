use imagesearch_core::{
    ClientBuilder, Error,
    client::{Config, Endpoint, FromConfig},
};

use crate::{arguments::RequestArguments, exit::Failure, output};

/// Returns the host that a client with the same settings would use.
pub(super) fn resolve(arguments: &RequestArguments) -> Result<Endpoint, Failure> {
    let mut builder = ClientBuilder::<Resolved>::default()
        // Nothing is sent, so there is nothing to encrypt.
        .with_insecure_http(true);
    if let Some(region) = &arguments.region {
        if let Some(suggestion) = region.suggestion() {
            output::note(format_args!(
                "warning: `{region}` is not a known region; did you mean `{suggestion}`?"
            ));
        }
        builder = builder.with_region(region.as_str());
    }
    if let Some(endpoint) = &arguments.endpoint {
        builder = builder.with_endpoint(endpoint.as_str());
    }
    let Resolved(endpoint) = builder.build()?;
    Ok(endpoint)
}

/// The settings of a client that sends nothing.
struct Resolved(Endpoint);

impl FromConfig for Resolved {
    type HttpClient = ();

    fn from_config(config: Config, _: Option<()>) -> Result<Self, Error> {
        Ok(Self(config.endpoint().clone()))
    }
}
