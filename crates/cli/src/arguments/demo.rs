use clap::Args;

use super::ApiVersion;

/// Demonstrates the client and the emulator, without an account or network.
///
/// Adds twelve photos to an emulator inside the process, then searches with altered copies of each
/// (smaller, recompressed, cropped, brighter). The other operations follow. The exit status is 3 if
/// a copy does not find its original first, or an operation does not return the expected result.
/// The older versions of the API have fewer operations and send pictures inside the requests.
#[derive(Args)]
pub(crate) struct DemoArguments {
    /// The version of the API to show
    #[arg(long, value_name = "VERSION", value_enum, default_value_t)]
    pub(crate) api_version: ApiVersion,

    /// Print one JSON object instead of tables
    #[arg(long)]
    pub(crate) json: bool,
}
