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

/// Prints a signed request and sends nothing.
///
/// The output is one JSON object: method, url, host, path, raw_query, headers (names in lower
/// case), body, body_encoding (utf8 or base64), and the stages of the signature: canonical_request,
/// string_to_sign, signature. With the same time and nonce the output is the same, which is how a
/// SignatureDoesNotMatch is explained.
///
/// The parameters are a JSON object of wire names to strings, integers, booleans and decimals, each
/// sent as it is written; InstanceName is one of them. A picture is a URL or Base64. A parameter
/// that is newer than this version is written `query:Name` or `form:Name`.
///
/// Of 2018-01-20, `pictures` is a list of {"name": ..., "content_base64": ...}, `pic_list` is a list
/// of names, and `searchPic` is Base64, as PicContent of 2019-03-25 is.
///
/// The output holds the signature and, if there is one, the security token: whoever has it can send
/// the request for 15 minutes.
#[derive(Args)]
pub(crate) struct RequestArguments {
    /// The operation, such as AddImage
    #[arg(value_name = "OPERATION", value_parser = operation_names())]
    pub(crate) operation: String,

    /// The version of the API that the operation is of
    #[arg(long, value_name = "VERSION", value_enum, default_value_t)]
    pub(crate) api_version: ApiVersion,

    /// The file with the parameters, `-` for stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) params: String,

    /// The region of the instance, such as cn-shanghai
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID", required_unless_present = "endpoint")]
    pub(crate) region: Option<Region>,

    /// The host, if it is not the region's public one
    // Read later: the parser of the command line would show a URL with a password in its complaint.
    #[arg(long, value_name = "HOST")]
    pub(crate) endpoint: Option<String>,

    /// The access key's id
    #[arg(
        long,
        value_name = "ID",
        env = "ALIBABA_CLOUD_ACCESS_KEY_ID",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) access_key_id: String,

    /// The access key's secret; prefer the environment, since others can read command lines
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

    /// The kind of signature
    #[arg(long, value_enum, default_value_t = SignatureChoice::Acs3)]
    pub(crate) signature: SignatureChoice,

    /// The time to sign, such as 2026-01-02T03:04:05Z; now unless given
    #[arg(long, value_name = "TIME")]
    pub(crate) timestamp: Option<Timestamp>,

    /// The nonce to sign; the request has none unless given
    #[arg(long, value_name = "NONCE")]
    pub(crate) nonce: Option<String>,

    /// Sends what the legacy SDKs send as well: RegionId in the query, and x-acs-region-id
    #[arg(long)]
    pub(crate) sdk_compat: bool,

    /// Allows values of 2018-01-20 beyond ASCII, with offsets in bytes; official SDKs disagree
    #[arg(long)]
    pub(crate) non_ascii: bool,

    /// Signs the request even if it breaks documented limits
    #[arg(long)]
    pub(crate) no_validate: bool,
}

/// A kind of signature, as the command line names it.
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
    /// Returns what core calls it, if the operation can be signed so.
    pub(crate) fn method(self, operation: &Operation) -> Result<SignatureMethod, Failure> {
        match (self, operation.style) {
            (Self::Acs3, _) => Ok(SignatureMethod::Acs3HmacSha256),
            (Self::HmacSha1, _) | (Self::Roa, Style::Roa { .. }) => Ok(SignatureMethod::HmacSha1),
            (Self::Roa, _) => Err(Failure::usage(format!(
                "{} of {} has no path of its own, so `--signature roa` cannot sign it; \
                 take `acs3` or `hmac-sha1`",
                operation.name, operation.version
            ))),
        }
    }
}

fn operation_names() -> PossibleValuesParser {
    let mut all = OPERATIONS.to_vec();
    all.sort_by_key(|operation| operation.name);
    // Two versions have operations of the same name.
    all.dedup_by_key(|operation| operation.name);
    all.into_iter()
        .map(|operation| PossibleValue::new(operation.name).alias(kebab_case(operation.name)))
        .collect::<Vec<_>>()
        .into()
}
