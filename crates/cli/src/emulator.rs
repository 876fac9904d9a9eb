mod environment;
mod health;

use std::{fs, future::Future, io, path::Path};

use imagesearch_emulator::{Emulator, FaultRule, InstanceSettings, StartError};
use serde::Serialize;

use crate::{
    arguments::{AuthChoice, EmulatorArguments, EmulatorCommand},
    exit::Failure,
    output,
};

/// The first line of output; scripts wait for it and read it.
#[derive(Serialize)]
struct Announcement<'a> {
    url: &'a str,
    instance: &'a str,
    access_key_id: &'a str,
    access_key_secret: &'a str,
    ca_file: Option<&'a Path>,
    /// The token that the admin API wants, if it was drawn.
    admin_token: Option<&'a str>,
}

/// Runs an emulator until a signal ends it, or does what else can be done about one.
pub(crate) fn run(arguments: EmulatorArguments) -> Result<(), Failure> {
    match &arguments.command {
        None => serve(arguments),
        Some(EmulatorCommand::Env(arguments)) => environment::run(arguments),
        Some(EmulatorCommand::Health(arguments)) => health::run(arguments),
    }
}

fn serve(arguments: EmulatorArguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::call(format!("no runtime for signals: {error}")))?;
    // Before the first line is printed: whoever reads it may send a signal at once.
    let signal = runtime
        .block_on(async { termination() })
        .map_err(|error| Failure::call(format!("signals cannot be listened for: {error}")))?;
    warn(&arguments);
    let first = arguments.instance.first().cloned().unwrap_or_default();
    let mut builder = Emulator::builder()
        .listen(arguments.listen)
        .auth(arguments.auth.auth())
        .keep_images(arguments.keep_images)
        .max_memory(arguments.max_memory)
        .log(|line| output::note(line))
        .account(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
    for name in arguments.instance {
        builder = builder.instance(InstanceSettings::new(name));
    }
    if let Some(host) = arguments.public_host {
        builder = builder.public_host(host);
    }
    if let Some(folder) = arguments.ca_dir {
        builder = builder.ca_dir(folder);
    }
    if let Some(folder) = arguments.data {
        builder = builder.data(folder);
    }
    for hosts in arguments.allow_fetch {
        builder = builder.allow_fetch(hosts);
    }
    for (name, folder) in arguments.bucket {
        builder = builder.bucket(name, folder);
    }
    if let Some(file) = arguments.faults {
        builder = builder.faults(faults(&file)?);
    }
    let emulator = builder.start().map_err(|error| match &error {
        StartError::PublicHost { .. }
        | StartError::AllowFetch { .. }
        | StartError::Bucket { .. } => Failure::usage(error),
        _ => Failure::call(error),
    })?;
    let announcement = serde_json::to_string(&Announcement {
        url: emulator.url(),
        instance: &first,
        access_key_id: Emulator::ACCESS_KEY_ID,
        access_key_secret: Emulator::ACCESS_KEY_SECRET,
        ca_file: emulator.ca_file(),
        admin_token: emulator.admin_token(),
    });
    output::line(&announcement.map_err(Failure::call)?)?;
    runtime.block_on(signal);
    emulator.shutdown();
    Ok(())
}

fn faults(file: &Path) -> Result<Vec<FaultRule>, Failure> {
    let refuse = |reason: String| Failure::usage(format!("--faults {}: {reason}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| refuse(error.to_string()))?;
    FaultRule::list_from_json(&text).map_err(|error| refuse(error.to_string()))
}

fn warn(arguments: &EmulatorArguments) {
    match arguments.auth {
        AuthChoice::Strict => {}
        AuthChoice::Lax => output::note(
            "warning: calls that fail the checks of key, signature, time and nonce are let pass",
        ),
        AuthChoice::Off => output::note(
            "warning: signatures are not checked; a client that signs wrongly passes here",
        ),
    }
    if !arguments.listen.ip().is_loopback() {
        output::note(format_args!(
            "warning: whoever reaches {} can use the emulator, whose key is public",
            arguments.listen
        ));
    }
}

/// Waits for Ctrl-C or SIGTERM, from the moment that this returns.
#[cfg(unix)]
fn termination() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn termination() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler, Ctrl-C ends the program anyway.
        let _ = tokio::signal::ctrl_c().await;
    })
}
