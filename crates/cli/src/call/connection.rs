use std::{env, time::Duration};

use clap::{
    ArgAction, ArgMatches, Args, FromArgMatches, ValueEnum, builder::NonEmptyStringValueParser,
};
use imagesearch_blocking::{Client, Credentials, Instance, operation::Operation};
use imagesearch_emulator::Emulator;

use crate::{
    arguments::{ApiVersion, SignatureChoice},
    exit::Failure,
};

/// Where a call goes and how: the options that all operations share.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(super) struct Connection {
    /// The version of the API that the operation is of
    // `ApiVersion::find` has read it by the time this is parsed; the parser checks and shows it.
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

    /// The host of the API, if it is not the region's public one [env: IMAGESEARCH_ENDPOINT]
    #[arg(long, value_name = "HOST", global = true)]
    endpoint: Option<String>,

    /// The host that authorizes uploads; openplatform.aliyuncs.com unless given
    #[arg(long, value_name = "HOST", global = true)]
    open_platform_endpoint: Option<String>,

    /// Sends everything, uploads included, to an emulator [env: IMAGESEARCH_EMULATOR]
    #[arg(
        long,
        value_name = "URL",
        global = true,
        conflicts_with_all = ["endpoint", "open_platform_endpoint"]
    )]
    emulator: Option<String>,

    /// Allows http:// for hosts other than this machine
    #[arg(long, global = true)]
    insecure_http: bool,

    /// The kind of signature
    #[arg(long, global = true, value_enum, default_value_t = SignatureChoice::Acs3)]
    signature: SignatureChoice,

    /// How long the call may take in all, uploads and retries included, in seconds
    #[arg(long, value_name = "SECONDS", global = true, default_value = "60", value_parser = seconds)]
    timeout: Duration,

    /// Allows values of 2018-01-20 beyond ASCII, with offsets in bytes; official SDKs disagree
    #[arg(long, global = true)]
    pub(super) non_ascii: bool,

    /// Sends the request even if it breaks documented limits
    #[arg(long, global = true)]
    no_validate: bool,

    /// How the answer is printed
    #[arg(long, global = true, value_enum, default_value_t = Output::Json)]
    pub(super) output: Output,

    /// Sends a parameter in the query that this version does not know; may be repeated
    #[arg(long, value_name = "NAME=VALUE", global = true, action = ArgAction::Append, value_parser = pair)]
    pub(super) query: Vec<(String, String)>,

    /// Sends a parameter in the form that this version does not know; may be repeated
    #[arg(long, value_name = "NAME=VALUE", global = true, action = ArgAction::Append, value_parser = pair)]
    pub(super) form: Vec<(String, String)>,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// As the service sent it, indented
    Json,
    /// A line for each value: where it is, a tab, the value
    Text,
}

impl Connection {
    /// Reads the options, wherever on the command line they were.
    pub(super) fn read(matches: &ArgMatches) -> Self {
        // The parser has checked the options, so this can only end in clap's own message.
        Self::from_arg_matches(matches).unwrap_or_else(|error| error.exit())
    }

    /// Sets up a client for an operation and names the instance.
    pub(super) fn instance(&self, operation: &Operation) -> Result<Instance, Failure> {
        let Some(name) = &self.instance else {
            return Err(Failure::usage("no instance is named; say which with `--instance NAME`"));
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

/// Returns whether the environment has an access key, or half of one that is to be complained about.
fn has_credentials() -> bool {
    ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"].into_iter().any(is_set)
}

/// Returns whether a variable says more than blanks, which count as nothing for clients, too.
fn is_set(name: &str) -> bool {
    env::var(name).is_ok_and(|value| !value.trim().is_empty())
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok())
        .filter(|timeout| !timeout.is_zero())
        .ok_or_else(|| "it must be a number of seconds above 0, such as 30 or 0.5".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it must look like NAME=VALUE".to_owned()),
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
