use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use imagesearch_emulator::{Auth, InstanceSettings, Throttle};

use super::{byte_count::byte_count, emulator_url::At};

/// Runs a stand-in for the service on this machine.
///
/// The first line on stdout is one JSON object with url, instance, access_key_id,
/// access_key_secret, ca_file and admin_token, printed when calls are served; what is not there or
/// not ours to tell is null. HTTPS is spoken on the same port; its authority is in ca_file if there is
/// a --ca-dir, and at /_emulator/ca.pem. It runs until Ctrl-C, SIGTERM or a POST to
/// /_emulator/shutdown and then ends with status 0. Pictures are gone afterwards, unless there is a
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

    /// An instance that exists, such as cloth,service_type=fabric,capacity=20,qps=1,region=cn-hangzhou
    /// or shop,multimodal; may be repeated [default: those of the --data folder, or demo]
    #[arg(long, value_name = "NAME[,KEY=VALUE...]")]
    pub(crate) instance: Vec<InstanceSettings>,

    /// A file of the keys that calls may be signed with, in place of the well-known one: a JSON array
    /// of objects with access_key_id, access_key_secret and, for temporary keys, security_token
    #[arg(long, value_name = "FILE.json")]
    pub(crate) accounts: Option<PathBuf>,

    /// A folder of pictures that the first instance begins with, described by its seed.jsonl if there is
    /// one; may be repeated. An instance of the --data folder stays as it is
    #[arg(long, value_name = "DIR")]
    pub(crate) seed: Vec<PathBuf>,

    /// Refuse calls that come faster than the instance's plan allows, or than so many a second for each
    /// kind of operation: off, instance or a number
    #[arg(long, value_name = "RATE", default_value = "off")]
    pub(crate) throttle: Throttle,

    /// Switch the admin API at /_emulator/ off, all but its health and ca.pem
    #[arg(long, conflicts_with = "admin_token")]
    pub(crate) no_admin: bool,

    /// The token that the admin API wants as `authorization: Bearer TOKEN`; unless given, this machine
    /// needs none, and one is drawn if others reach the address
    #[arg(
        long,
        value_name = "TOKEN",
        env = "IMAGESEARCH_EMULATOR_ADMIN_TOKEN",
        hide_env_values = true
    )]
    pub(crate) admin_token: Option<String>,

    /// A file that gets the first line of stdout once calls are served, and not before; readable by its
    /// owner only
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,

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
