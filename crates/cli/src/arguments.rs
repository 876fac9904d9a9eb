mod api_version;
mod byte_count;
mod demo;
mod emulator;
mod emulator_url;
mod request;

pub(crate) use api_version::ApiVersion;
pub(crate) use demo::DemoArguments;
pub(crate) use emulator::{
    AuthChoice, EmulatorArguments, EmulatorCommand, EnvironmentArguments, HealthArguments, Language,
};
pub(crate) use emulator_url::EmulatorUrl;
pub(crate) use request::{RequestArguments, SignatureChoice};

use std::env;

use clap::{ArgMatches, Args, Command as ClapCommand, CommandFactory, FromArgMatches, Parser};
use imagesearch_core::{operation::Operation, operations::OPERATIONS};

use crate::{
    call,
    exit::{EXIT_CODES, Failure},
};

/// The arguments of the program.
pub(crate) enum Command {
    /// Print a signed request.
    Request(Box<RequestArguments>),
    /// Send a request; the matches hold the flags of its operation.
    Call(&'static Operation, ArgMatches),
    /// Run the emulator.
    Emulator(Box<EmulatorArguments>),
    /// Run the demo.
    Demo(DemoArguments),
}

/// Command line client for Alibaba Cloud Image Search (unofficial).
#[derive(Parser)]
#[command(
    name = "imagesearch",
    version,
    after_help = EXIT_CODES,
    long_about = "Command line client for Alibaba Cloud Image Search (unofficial).\n\n\
        Results go to stdout, everything else to stderr. `imagesearch demo` needs no account and \
        shows most features.",
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Program {}

/// Parses the command line. Exits for help, version and errors.
pub(crate) fn parse() -> Result<Command, Failure> {
    let version = ApiVersion::find(env::args_os());
    let mut matches = command(version).get_matches();
    let (name, mut matches) = matches
        .remove_subcommand()
        .ok_or_else(|| Failure::usage("no command given; try `--help`"))?;
    match name.as_str() {
        "request" => Ok(Command::Request(Box::new(read(&matches)))),
        "emulator" => Ok(Command::Emulator(Box::new(read(&matches)))),
        "demo" => Ok(Command::Demo(read(&matches))),
        _ => {
            let (operation, matches) = matches
                .remove_subcommand()
                .ok_or_else(|| Failure::usage("no operation given; try `call --help`"))?;
            Ok(Command::Call(find_operation(version, &operation)?, matches))
        }
    }
}

fn read<A: FromArgMatches>(matches: &ArgMatches) -> A {
    // The parser has checked the arguments, so this can only fail with clap's own message.
    A::from_arg_matches(matches).unwrap_or_else(|error| error.exit())
}

/// Finds an operation of a version by its wire name, also in kebab case.
pub(crate) fn find_operation(
    version: ApiVersion,
    name: &str,
) -> Result<&'static Operation, Failure> {
    let named = |it: &&'static Operation| it.name == name || call::kebab_case(it.name) == name;
    operations(version).find(named).ok_or_else(|| {
        let advice = match OPERATIONS.iter().copied().find(named) {
            Some(other) => format!("; use `--api-version {}`", other.version),
            None => String::new(),
        };
        Failure::usage(format!("`{name}` is not an operation of version {version}{advice}"))
    })
}

/// Lists the operations of a version of the API.
pub(crate) fn operations(version: ApiVersion) -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().filter(move |operation| operation.version == version.as_str())
}

fn command(version: ApiVersion) -> ClapCommand {
    Program::command()
        .subcommand(DemoArguments::augment_args(ClapCommand::new("demo")))
        .subcommand(call::command(version))
        .subcommand(RequestArguments::augment_args(ClapCommand::new("request")))
        .subcommand(EmulatorArguments::augment_args(ClapCommand::new("emulator")))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn is_a_consistent_command_line() {
        for version in ApiVersion::value_variants() {
            command(*version).debug_assert();
        }
    }
}
