use std::{env, time::Duration};

use clap::{
    ArgAction, ArgMatches, Args, FromArgMatches, ValueEnum, builder::NonEmptyStringValueParser,
};
use imagesearch_blocking::{Client, Credentials, Instance};
use imagesearch_core::operation::Operation;
use imagesearch_emulator::Emulator;

use crate::{
    arguments::{ApiVersion, SignatureChoice},
    exit::Failure,
};

/// The options that all operations share.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(super) struct Connection {
    /// The API version of the operation
    // `ApiVersion::find` reads it earlier; the parser only validates and documents it.
    #[arg(long, value_name = "VERSION", global = true, value_enum, default_value_t)]
    api_version: ApiVersion,

    /// The name of the instance (not its id)
    #[arg(
        long,
        value_name = "NAME",
        global = true,
        env = "IMAGESEARCH_INSTANCE",
        value_parser = NonEmptyStringValueParser::new()
    )]
    instance: Option<String>,

    /// The region of the instance, such as cn-shanghai [env: ALIBABA_CLOUD_REGION_ID]
    #[arg(long, value_name = "REGION", global = true)]
    region: Option<String>,

    /// The host of the API, if not the region's public one [env: IMAGESEARCH_ENDPOINT]
    #[arg(long, value_name = "HOST", global = true)]
    endpoint: Option<String>,

    /// The host that authorizes uploads [default: openplatform.aliyuncs.com]
    #[arg(long, value_name = "HOST", global = true)]
    open_platform_endpoint: Option<String>,

    /// Send all requests, including uploads, to an emulator [env: IMAGESEARCH_EMULATOR]
    #[arg(
        long,
        value_name = "URL",
        global = true,
        conflicts_with_all = ["endpoint", "open_platform_endpoint"]
    )]
    emulator: Option<String>,

    /// Allow http:// for hosts other than this machine
    #[arg(long, global = true)]
    insecure_http: bool,

    /// The signature method
    #[arg(long, global = true, value_enum, default_value_t = SignatureChoice::Acs3)]
    signature: SignatureChoice,

    /// The timeout of the call in seconds, including uploads and retries
    #[arg(long, value_name = "SECONDS", global = true, default_value = "60", value_parser = seconds)]
    timeout: Duration,

    /// Allow non-ASCII values in version 2018-01-20, with offsets in bytes; official SDKs disagree
    #[arg(long, global = true)]
    pub(super) non_ascii: bool,

    /// Send the request even if it breaks documented limits
    #[arg(long, global = true)]
    no_validate: bool,

    /// The output format
    #[arg(long, global = true, value_enum, default_value_t = Output::Json)]
    pub(super) output: Output,

    /// Send an unknown parameter in the query; may be repeated
    #[arg(long, value_name = "NAME=VALUE", global = true, action = ArgAction::Append, value_parser = pair)]
    pub(super) query: Vec<(String, String)>,

    /// Send an unknown parameter in the form; may be repeated
    #[arg(long, value_name = "NAME=VALUE", global = true, action = ArgAction::Append, value_parser = pair)]
    pub(super) form: Vec<(String, String)>,
}

/// The value of `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// The response of the service, indented
    Json,
    /// A line for each value: its path, a tab, the value
    Text,
}

impl Connection {
    /// Reads the options from anywhere on the command line.
    pub(super) fn read(matches: &ArgMatches) -> Self {
        // The parser has checked the options, so this can only fail with clap's own message.
        Self::from_arg_matches(matches).unwrap_or_else(|error| error.exit())
    }

    /// Creates a client for an operation, and returns the instance's name.
    pub(super) fn instance(&self, operation: &Operation) -> Result<Instance, Failure> {
        let Some(name) = &self.instance else {
            return Err(Failure::usage("no instance given; use `--instance NAME`"));
        };
        Ok(self.client(operation)?.instance(name))
    }

    fn client(&self, operation: &Operation) -> Result<Client, Failure> {
        let mut builder = Client::builder()
            .with_signature(self.signature.method(operation)?)
            .with_timeout(self.timeout)
            .with_insecure_http(self.insecure_http)
            .with_validation(!self.no_validate)
            .with_user_agent(concat!("imagesearch-cli/", env!("CARGO_PKG_VERSION")));
        if let Some(region) = &self.region {
            builder = builder.with_region(region.as_str());
        }
        if let Some(url) = &self.emulator {
            builder = builder.with_emulator(url);
        }
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint.as_str());
        }
        if let Some(endpoint) = &self.open_platform_endpoint {
            builder = builder.with_open_platform_endpoint(endpoint.as_str());
        }
        let told =
            self.emulator.is_some() || (self.endpoint.is_none() && is_set("IMAGESEARCH_EMULATOR"));
        if told && !has_credentials() {
            builder = builder.with_credentials(Credentials::access_key(
                Emulator::ACCESS_KEY_ID,
                Emulator::ACCESS_KEY_SECRET,
            ));
        }
        let builder = builder.with_environment(|name| env::var(name).ok());
        Ok(builder.build()?)
    }
}

/// Returns whether the environment has an access key, or half of one, which is an error.
fn has_credentials() -> bool {
    ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"].into_iter().any(is_set)
}

/// Returns whether a variable is not blank. Clients ignore blank ones, too.
fn is_set(name: &str) -> bool {
    env::var(name).is_ok_and(|value| !value.trim().is_empty())
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok())
        .filter(|timeout| !timeout.is_zero())
        .ok_or_else(|| "must be a number of seconds above 0, such as 30 or 0.5".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("must be NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations_and_pairs() {
        for (text, milliseconds) in
            [("30", Some(30_000)), ("0.5", Some(500)), ("1e2", Some(100_000))]
                .into_iter()
                .chain(["0", "-1", "NaN", "inf", "1e400", "", "ten"].map(|text| (text, None)))
        {
            let read = seconds(text).ok().map(|timeout| timeout.as_millis());
            assert_eq!(read, milliseconds, "{text}");
        }
        for (text, expected) in
            [("a=b=c", Some(("a", "b=c"))), ("a=", Some(("a", ""))), ("=b", None), ("a", None)]
        {
            let read = pair(text).ok();
            let read = read.as_ref().map(|(name, value)| (&**name, &**value));
            assert_eq!(read, expected, "{text}");
        }
    }
}
