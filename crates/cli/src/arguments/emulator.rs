use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use imagesearch_emulator::{Auth, InstanceSettings, Throttle};

use super::{byte_count::byte_count, emulator_url::At};

/// Runs a local stand-in for the service.
///
/// The first line on stdout is one JSON object with url, instance, access_key_id,
/// access_key_secret, ca_file and admin_token, printed when the emulator is ready; unavailable
/// values are null. The same port serves HTTPS; its CA certificate is in ca_file if there is a
/// --ca-dir, and at /_emulator/ca.pem. The emulator runs until Ctrl-C, SIGTERM or a POST to
/// /_emulator/shutdown and then exits with status 0. Pictures are lost then, unless there is a
/// --data folder: with one, a write returns once it is on disk, and stored data survives a crash.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct EmulatorArguments {
    #[command(subcommand)]
    pub(crate) command: Option<EmulatorCommand>,

    /// The address to listen on; port 0 selects a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// An instance to serve, such as cloth,service_type=fabric,capacity=20,qps=1,region=cn-hangzhou
    /// or shop,multimodal; may be repeated [default: those of the --data folder, or demo]
    #[arg(long, value_name = "NAME[,KEY=VALUE...]")]
    pub(crate) instance: Vec<InstanceSettings>,

    /// A file of the accepted access keys, instead of the well-known one: a JSON array of objects
    /// with access_key_id, access_key_secret and, for temporary keys, security_token
    #[arg(long, value_name = "FILE.json")]
    pub(crate) accounts: Option<PathBuf>,

    /// A folder of pictures to add to the first instance, described by its seed.jsonl if there is
    /// one; may be repeated. An instance from the --data folder is not changed
    #[arg(long, value_name = "DIR")]
    pub(crate) seed: Vec<PathBuf>,

    /// Throttle calls above the rate of the instance's plan, or above a number of calls per second
    /// for each kind of operation: off, instance or a number
    #[arg(long, value_name = "RATE", default_value = "off")]
    pub(crate) throttle: Throttle,

    /// Disable the admin API at /_emulator/, except health and ca.pem
    #[arg(long, conflicts_with = "admin_token")]
    pub(crate) no_admin: bool,

    /// The token that the admin API requires as `authorization: Bearer TOKEN`; by default a
    /// loopback address needs none, and for other addresses a random one is generated
    #[arg(
        long,
        value_name = "TOKEN",
        env = "IMAGESEARCH_EMULATOR_ADMIN_TOKEN",
        hide_env_values = true
    )]
    pub(crate) admin_token: Option<String>,

    /// A file to write the first line of stdout to once the emulator is ready; readable only by its
    /// owner
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,

    /// The host and port that clients upload to; the host must contain a dot, as in
    /// oss.emulator:8080
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) public_host: Option<String>,

    /// The folder of the CA for HTTPS: ca.pem, the certificate to trust, and ca-key.pem, its secret
    /// key
    #[arg(long, value_name = "DIR")]
    pub(crate) ca_dir: Option<PathBuf>,

    /// The folder to store all data in, so that it survives a restart
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Store the original pictures, not only their descriptors
    #[arg(long)]
    pub(crate) keep_images: bool,

    /// The memory limit for pictures and snapshots: bytes, or a number with KiB, MiB or GiB
    #[arg(long, value_name = "BYTES", default_value = "2GiB", value_parser = byte_count)]
    pub(crate) max_memory: u64,

    /// A host that the emulator may fetch pictures from and send callbacks to; * matches any
    /// characters; may be repeated
    #[arg(long, value_name = "HOSTGLOB")]
    pub(crate) allow_fetch: Vec<String>,

    /// An OSS bucket whose objects are the files of a folder; may be repeated
    #[arg(long, value_name = "NAME=DIR", value_parser = bucket)]
    pub(crate) bucket: Vec<(String, PathBuf)>,

    /// A file of fault rules that make requests fail: a JSON array, as for /_emulator/faults
    #[arg(long, value_name = "FILE.json")]
    pub(crate) faults: Option<PathBuf>,

    /// Whether signatures are checked
    #[arg(long, value_enum, default_value_t = AuthChoice::Strict)]
    pub(crate) auth: AuthChoice,
}

/// The value of `--auth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuthChoice {
    /// Check key, signature, time and nonce, as the service does
    Strict,
    /// The same checks, but report failures on stderr and serve the request
    Lax,
    /// Check nothing
    Off,
}

impl AuthChoice {
    /// Returns the emulator's own type.
    pub(crate) fn auth(self) -> Auth {
        match self {
            Self::Strict => Auth::Strict,
            Self::Lax => Auth::Lax,
            Self::Off => Auth::Off,
        }
    }
}

/// The subcommands of `emulator`.
#[derive(Subcommand)]
pub(crate) enum EmulatorCommand {
    /// Prints code that connects an SDK to an emulator
    Env(EnvironmentArguments),
    /// Checks whether an emulator is ready; the exit status is 0 only then
    Health(HealthArguments),
}

#[derive(Args)]
pub(crate) struct EnvironmentArguments {
    /// The language of the program
    #[arg(long, value_enum)]
    pub(crate) lang: Language,

    #[command(flatten)]
    pub(crate) at: At,

    /// The CA certificate of the emulator for HTTPS [default: ca.pem]
    #[arg(long, value_name = "FILE", value_parser = plain_path)]
    pub(crate) ca_file: Option<String>,
}

#[derive(Args)]
pub(crate) struct HealthArguments {
    #[command(flatten)]
    pub(crate) at: At,
}

/// The languages with an SDK.
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
        _ => Err("must be BUCKET=FOLDER, such as catalogue=./photos".to_owned()),
    }
}

/// Parses a path that can be quoted in all of the languages.
fn plain_path(text: &str) -> Result<String, String> {
    if text.is_empty()
        || text.contains(['"', '\'', '\\', '`', '$'])
        || text.contains(char::is_control)
    {
        return Err("must be a path without quotes, backslashes and dollar signs".to_owned());
    }
    Ok(text.to_owned())
}
