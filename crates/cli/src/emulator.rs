mod accounts;
mod announcement;
mod environment;
mod health;
mod log;
mod termination;

use std::{fs, io, path::Path};

use imagesearch_emulator::{Emulator, FaultRule, InstanceSettings, StartError};

use crate::{
    arguments::{AuthChoice, EmulatorArguments, EmulatorCommand},
    exit::Failure,
    output,
};
use accounts::Account;
use announcement::Announcement;
use log::Log;
use termination::termination;

/// Runs an emulator until a signal or the admin API ends it, or runs a subcommand.
pub(crate) fn run(arguments: EmulatorArguments) -> Result<(), Failure> {
    match &arguments.command {
        None => serve(arguments),
        Some(EmulatorCommand::Env(arguments)) => environment::run(arguments),
        Some(EmulatorCommand::Health(arguments)) => health::run(arguments),
    }
}

fn serve(arguments: EmulatorArguments) -> Result<(), Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            Failure::call(format!("could not start a runtime for signals: {error}"))
        })?;
    // Before the first line is printed, since its reader may send a signal at once.
    let signal = runtime
        .block_on(async { termination() })
        .map_err(|error| Failure::call(format!("could not listen for signals: {error}")))?;
    if let Some(file) = &arguments.ready_file {
        announcement::withdraw(file)?;
    }
    let accounts = match &arguments.accounts {
        Some(file) => Account::list(file)?,
        None => vec![Account::well_known()],
    };
    warn(&arguments);
    let first = arguments.instance.first().map_or(Emulator::INSTANCE, InstanceSettings::name);
    let first = first.to_owned();
    let log = Log::to(io::stderr())
        .map_err(|error| Failure::call(format!("could not start a thread for the log: {error}")))?;
    let mut builder = Emulator::builder()
        .listen(arguments.listen)
        .auth(arguments.auth.auth())
        .keep_images(arguments.keep_images)
        .max_memory(arguments.max_memory)
        .throttle(arguments.throttle)
        .log(log.writer());
    for account in &accounts {
        builder = account.add_to(builder);
    }
    for settings in arguments.instance {
        builder = builder.instance(settings);
    }
    let token_is_known = arguments.admin_token.is_some();
    if arguments.no_admin {
        builder = builder.no_admin();
    } else if let Some(token) = arguments.admin_token {
        builder = builder.admin_token(token);
    }
    for folder in arguments.seed {
        builder = builder.seed(&first, folder);
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
        | StartError::NoPublicHost { .. }
        | StartError::AllowFetch { .. }
        | StartError::AdminToken
        | StartError::Seed(_)
        | StartError::Bucket { .. } => Failure::usage(error),
        _ => Failure::call(error),
    })?;
    // A data folder may have other instances than the default one.
    let instances = emulator.instances();
    let named = instances.iter().find(|it| it.name == first).or(instances.first());
    let announcement = Announcement {
        url: emulator.url(),
        instance: named.map(|it| it.name.as_str()),
        access_key_id: accounts.first().map(Account::id),
        // Only the well-known key is printed.
        access_key_secret: arguments.accounts.is_none().then_some(Emulator::ACCESS_KEY_SECRET),
        ca_file: emulator.ca_file(),
        admin_token: emulator.admin_token().filter(|_| !token_is_known),
    };
    announcement.publish(arguments.ready_file.as_deref())?;
    let stop = emulator.shutdown_handle();
    let mut ended = runtime.spawn_blocking(move || emulator.wait());
    runtime
        .block_on(async {
            tokio::select! {
                () = signal => {
                    stop.shutdown();
                    ended.await
                }
                ended = &mut ended => ended,
            }
        })
        .map_err(Failure::call)
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
            "warning: calls are served even if key, signature, time or nonce are wrong",
        ),
        AuthChoice::Off => {
            output::note("warning: signatures are not checked; clients with wrong signatures pass");
        }
    }
    if !arguments.listen.ip().is_loopback() {
        let whose = if arguments.accounts.is_some() { "" } else { "with its public key" };
        output::note(format_args!(
            "warning: anyone who can reach {} can use the emulator{whose}; the admin API requires a token",
            arguments.listen
        ));
    }
}
