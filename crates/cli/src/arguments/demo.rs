use clap::Args;

/// Shows the client and the emulator at work, without an account or network.
///
/// Twelve photos are added to an emulator inside the process; then altered copies of each (smaller,
/// recompressed, cropped, brighter) search for their original. The other operations follow. The
/// status is 3 if a copy does not find its original first, or an operation answers otherwise than
/// it should.
#[derive(Args)]
pub(crate) struct DemoArguments {
    /// Prints one JSON object instead of tables
    #[arg(long)]
    pub(crate) json: bool,
}
