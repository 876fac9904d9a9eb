use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum, builder::NonEmptyStringValueParser};
use imagesearch_emulator::{Auth, Emulator};

use super::{byte_count::byte_count, emulator_url::At};

/// Runs a stand-in for the service on this machine.
///
/// The first line on stdout is one JSON object with url, instance, access_key_id,
/// access_key_secret and ca_file, printed when connections are accepted. HTTPS is spoken on the same
/// port; its authority is in ca_file if there is a --ca-dir, and at /_emulator/ca.pem. It runs until
/// Ctrl-C or SIGTERM and then ends with status 0. Pictures are gone afterwards, unless there is a
/// --data folder: then a write is answered when it is on the disk, and what is stored survives an end
/// of any kind.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct EmulatorArguments {
    #[command(subcommand)]
    pub(crate) command: Option<EmulatorCommand>,

    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// An instance that exists; may be repeated
    #[arg(
        long,
        value_name = "NAME",
        default_value = Emulator::INSTANCE,
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) instance: Vec<String>,

    /// The host and port that clients upload to, with a dot in it, such as oss.emulator:8080
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) public_host: Option<String>,

    /// The folder that keeps the authority for HTTPS: ca.pem to trust, and ca-key.pem, which is secret
    #[arg(long, value_name = "DIR")]
    pub(crate) ca_dir: Option<PathBuf>,

    /// The folder that everything is stored in, so that the next start goes on where this one ends
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Keep pictures as they were sent, besides what is compared of them
    #[arg(long)]
    pub(crate) keep_images: bool,

    /// The memory that pictures and snapshots may take: bytes, or a number with KiB, MiB or GiB
    #[arg(long, value_name = "BYTES", default_value = "2GiB", value_parser = byte_count)]
    pub(crate) max_memory: u64,

    /// A host that pictures may be fetched from and callbacks sent to, * for any characters; may be
    /// repeated
    #[arg(long, value_name = "HOSTGLOB")]
    pub(crate) allow_fetch: Vec<String>,

    /// An OSS bucket whose objects are the files of a folder; may be repeated
    #[arg(long, value_name = "NAME=DIR", value_parser = bucket)]
    pub(crate) bucket: Vec<(String, PathBuf)>,

    /// A file of rules that let requests fail on purpose: a JSON array, as /_emulator/faults takes it
    #[arg(long, value_name = "FILE.json")]
    pub(crate) faults: Option<PathBuf>,

    /// Whether signatures are checked
    #[arg(long, value_enum, default_value_t = AuthChoice::Strict)]
    pub(crate) auth: AuthChoice,
}

/// Whether signatures are checked, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuthChoice {
    /// Key, signature, time and nonce are checked, as the service does
    Strict,
    /// The same checks, but what fails them is told on stderr and let pass
    Lax,
    /// Every request is taken as it comes
    Off,
}

impl AuthChoice {
    /// Returns what the emulator calls it.
    pub(crate) fn auth(self) -> Auth {
        match self {
            Self::Strict => Auth::Strict,
            Self::Lax => Auth::Lax,
            Self::Off => Auth::Off,
        }
    }
}

/// What can be done about an emulator besides running it.
#[derive(Subcommand)]
pub(crate) enum EmulatorCommand {
    /// Prints what to paste into a program, so that its SDK talks to an emulator
    Env(EnvironmentArguments),
    /// Asks an emulator whether it is ready; the status is 0 only then
    Health(HealthArguments),
}

#[derive(Args)]
pub(crate) struct EnvironmentArguments {
    /// The language of the program
    #[arg(long, value_enum)]
    pub(crate) lang: Language,

    #[command(flatten)]
    pub(crate) at: At,

    /// The file of the emulator's authority for HTTPS [default: ca.pem]
    #[arg(long, value_name = "FILE", value_parser = plain_path)]
    pub(crate) ca_file: Option<String>,
}

#[derive(Args)]
pub(crate) struct HealthArguments {
    #[command(flatten)]
    pub(crate) at: At,
}

/// The languages that there is an SDK for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// The official SDK for Python
    Python,
    /// The official SDK for Node.js
    Node,
    /// The official SDK for Go
    Go,
    /// The official SDK for Java
    Java,
    /// This SDK
    Rust,
}

/// Splits `NAME=DIR` at the first equals sign.
fn bucket(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, folder)) if !name.is_empty() && !folder.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(folder)))
        }
        _ => Err("must be the name of a bucket, an equals sign and a folder".to_owned()),
    }
}

/// Takes a path that can stand between quotes in any of the languages.
fn plain_path(text: &str) -> Result<String, String> {
    if text.is_empty()
        || text.contains(['"', '\'', '\\', '`', '$'])
        || text.contains(char::is_control)
    {
        return Err("must be a path without quotes, backslashes and dollar signs".to_owned());
    }
    Ok(text.to_owned())
}
