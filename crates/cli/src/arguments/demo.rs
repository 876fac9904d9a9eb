use clap::Args;

use super::ApiVersion;

/// Shows the client and the emulator at work, without an account or network.
///
/// Twelve photos are added to an emulator inside the process; then altered copies of each (smaller,
/// recompressed, cropped, brighter) search for their original. The other operations follow. The
/// status is 3 if a copy does not find its original first, or an operation answers otherwise than
/// it should. The older versions of the API have fewer operations, and their pictures travel inside
/// the requests.
#[derive(Args)]
pub(crate) struct DemoArguments {
    /// The version of the API to show
    #[arg(long, value_name = "VERSION", value_enum, default_value_t)]
    pub(crate) api_version: ApiVersion,

    /// Prints one JSON object instead of tables
    #[arg(long)]
    pub(crate) json: bool,
}
