use clap::{
    Args, ValueEnum,
    builder::{NonEmptyStringValueParser, PossibleValue, PossibleValuesParser},
};
use imagesearch_core::{
    Region,
    client::SignatureMethod,
    operation::{Operation, Style},
    operations::OPERATIONS,
    values::Timestamp,
};

use super::ApiVersion;
use crate::{call::kebab_case, exit::Failure};

/// Prints a signed request without sending it.
///
/// The output is one JSON object: method, url, host, path, raw_query, headers (names in lower
/// case), body, body_encoding (utf8 or base64), and the stages of the signature: canonical_request,
/// string_to_sign, signature. The same time and nonce give the same output, which helps to debug a
/// SignatureDoesNotMatch.
///
/// The parameters are a JSON object of wire names to strings, integers, booleans and decimals, each
/// sent as written, including InstanceName. A picture is a URL or Base64. Write `query:Name` or
/// `form:Name` for a parameter that this program does not know.
///
/// In version 2018-01-20, `pictures` is a list of {"name": ..., "content_base64": ...}, `pic_list`
/// is a list of names, and `searchPic` is Base64, like PicContent in 2019-03-25.
///
/// The output contains the signature and any security token: anyone who has it can send the request
/// for 15 minutes.
#[derive(Args)]
pub(crate) struct RequestArguments {
    /// The operation, such as AddImage
    #[arg(value_name = "OPERATION", value_parser = operation_names())]
    pub(crate) operation: String,

    /// The API version of the operation
    #[arg(long, value_name = "VERSION", value_enum, default_value_t)]
    pub(crate) api_version: ApiVersion,

    /// The file with the parameters, `-` for stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) params: String,

    /// The region of the instance, such as cn-shanghai
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID", required_unless_present = "endpoint")]
    pub(crate) region: Option<Region>,

    /// The host, if not the region's public one
    // Parsed later: clap's error message would show a password in the URL.
    #[arg(long, value_name = "HOST")]
    pub(crate) endpoint: Option<String>,

    /// The access key id
    #[arg(
        long,
        value_name = "ID",
        env = "ALIBABA_CLOUD_ACCESS_KEY_ID",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) access_key_id: String,

    /// The access key secret; prefer the environment variable, since other users can read command
    /// lines
    #[arg(
        long,
        value_name = "SECRET",
        env = "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) access_key_secret: String,

    /// The security token of a temporary access key
    #[arg(
        long,
        value_name = "TOKEN",
        env = "ALIBABA_CLOUD_SECURITY_TOKEN",
        hide_env_values = true
    )]
    pub(crate) security_token: Option<String>,

    /// The signature method
    #[arg(long, value_enum, default_value_t = SignatureChoice::Acs3)]
    pub(crate) signature: SignatureChoice,

    /// The timestamp to sign, such as 2026-01-02T03:04:05Z [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) timestamp: Option<Timestamp>,

    /// The nonce to sign [default: none]
    #[arg(long, value_name = "NONCE")]
    pub(crate) nonce: Option<String>,

    /// Also send what the legacy SDKs send: RegionId in the query, and x-acs-region-id
    #[arg(long)]
    pub(crate) sdk_compat: bool,

    /// Allow non-ASCII values in version 2018-01-20, with offsets in bytes; official SDKs disagree
    #[arg(long)]
    pub(crate) non_ascii: bool,

    /// Sign the request even if it breaks documented limits
    #[arg(long)]
    pub(crate) no_validate: bool,
}

/// The value of `--signature`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SignatureChoice {
    /// ACS3-HMAC-SHA256, in the headers
    #[value(alias = "ACS3-HMAC-SHA256")]
    Acs3,
    /// HMAC-SHA1, in the query, or in a header for older versions; deprecated by the vendor
    #[value(alias = "HMAC-SHA1")]
    HmacSha1,
    /// HMAC-SHA1 in a header, for older versions alone
    Roa,
}

impl SignatureChoice {
    /// Returns core's own type, if the operation can be signed this way.
    pub(crate) fn method(self, operation: &Operation) -> Result<SignatureMethod, Failure> {
        match (self, operation.style) {
            (Self::Acs3, _) => Ok(SignatureMethod::Acs3HmacSha256),
            (Self::HmacSha1, _) | (Self::Roa, Style::Roa { .. }) => Ok(SignatureMethod::HmacSha1),
            (Self::Roa, _) => Err(Failure::usage(format!(
                "{} of {} has no path, so `--signature roa` cannot sign it; use `acs3` \
                 or `hmac-sha1`",
                operation.name, operation.version
            ))),
        }
    }
}

fn operation_names() -> PossibleValuesParser {
    let mut all = OPERATIONS.to_vec();
    all.sort_by_key(|operation| operation.name);
    // Two versions have operations with the same name.
    all.dedup_by_key(|operation| operation.name);
    all.into_iter()
        .map(|operation| PossibleValue::new(operation.name).alias(kebab_case(operation.name)))
        .collect::<Vec<_>>()
        .into()
}
