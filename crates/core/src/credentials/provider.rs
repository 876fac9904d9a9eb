use std::fmt;

use bytes::Bytes;

use crate::{
    body::Body,
    credentials::Credentials,
    error::{Error, ErrorKind},
    exchange::{Failure, LoadError, Now, Source},
};

/// Where credentials come from.
///
/// A provider performs no I/O: it hands out a [`CredentialsFetch`], which says what to load or send
/// and is told what came back. So every client has every provider.
pub trait CredentialsProvider: fmt::Debug + Send + Sync {
    /// Starts to fetch credentials.
    fn fetch(&self) -> Box<dyn CredentialsFetch>;
}

/// One attempt to fetch credentials.
///
/// After a [`FetchStep::Load`] or [`FetchStep::Send`], exactly one of the `on_` methods is called
/// before the next step is asked for.
pub trait CredentialsFetch: Send {
    /// Says what to do next.
    fn next(&mut self, now: Now) -> FetchStep;

    /// Takes what was loaded.
    fn on_loaded(&mut self, result: Result<Bytes, LoadError>);

    /// Takes the answer to a request; without requests it is never called.
    fn on_response(&mut self, _response: http::Response<Bytes>) {}

    /// Takes the failure of a request; without requests it is never called.
    fn on_failure(&mut self, _failure: &Failure) {}
}

/// What a [`CredentialsFetch`] wants done.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchStep {
    /// Load this and hand it to [`CredentialsFetch::on_loaded`].
    Load(Source),
    /// Send this and hand the answer to [`CredentialsFetch::on_response`].
    Send(http::Request<Body>),
    /// The credentials, or why there are none.
    Done(Result<Credentials, Error>),
}

impl CredentialsProvider for Credentials {
    fn fetch(&self) -> Box<dyn CredentialsFetch> {
        Box::new(Known(self.clone()))
    }
}

/// Credentials that need no fetching.
struct Known(Credentials);

impl CredentialsFetch for Known {
    fn next(&mut self, _now: Now) -> FetchStep {
        FetchStep::Done(Ok(self.0.clone()))
    }

    fn on_loaded(&mut self, _result: Result<Bytes, LoadError>) {}
}

/// Credentials in the variables of the environment that the official SDKs read.
///
/// | variable | holds |
/// | --- | --- |
/// | `ALIBABA_CLOUD_ACCESS_KEY_ID` | the access key id |
/// | `ALIBABA_CLOUD_ACCESS_KEY_SECRET` | its secret |
/// | `ALIBABA_CLOUD_SECURITY_TOKEN` | the security token of a temporary key; optional |
///
/// ```
/// use imagesearch_core::credentials::{CredentialsProvider, EnvironmentProvider};
///
/// let provider: Box<dyn CredentialsProvider> = Box::new(EnvironmentProvider);
/// # drop(provider);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct EnvironmentProvider;

const VARIABLES: [&str; 3] = [
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
];

impl CredentialsProvider for EnvironmentProvider {
    fn fetch(&self) -> Box<dyn CredentialsFetch> {
        Box::new(EnvironmentFetch { values: Vec::new() })
    }
}

/// The values of [`VARIABLES`] read so far.
struct EnvironmentFetch {
    values: Vec<Option<String>>,
}

impl CredentialsFetch for EnvironmentFetch {
    fn next(&mut self, _now: Now) -> FetchStep {
        if let Some(name) = VARIABLES.get(self.values.len()) {
            return FetchStep::Load(Source::Environment(name));
        }
        let mut values = self.values.drain(..);
        let mut value = || values.next().flatten();
        let (id, secret, token) = (value(), value(), value());
        FetchStep::Done(match (id, secret, token) {
            (Some(id), Some(secret), Some(token)) => Ok(Credentials::sts(id, secret, token)),
            (Some(id), Some(secret), None) => Ok(Credentials::access_key(id, secret)),
            (id, _, _) => {
                let [id_name, secret_name, _] = VARIABLES;
                let missing = if id.is_none() { id_name } else { secret_name };
                let error = Error::new(
                    ErrorKind::Credentials,
                    format!("no credentials: the environment variable {missing} is not set"),
                );
                Err(error.with_advice(format!(
                    "set {id_name} and {secret_name}, or give the client credentials"
                )))
            }
        })
    }

    fn on_loaded(&mut self, result: Result<Bytes, LoadError>) {
        let value = result.ok().and_then(|value| String::from_utf8(value.to_vec()).ok());
        self.values.push(value.filter(|value| !value.trim().is_empty()));
    }
}
