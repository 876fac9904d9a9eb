use clap::{Arg, ArgAction, Args, Command};
use heck::ToKebabCase;
use imagesearch_core::operation::{Kind, Operation, Parameter};

use super::{connection::Connection, help};
use crate::{
    arguments::{ApiVersion, operations},
    exit::EXIT_CODES,
};

const ABOUT: &str = "\
Sends a request of one operation and prints the response.

Each operation is a command with a flag for each of its parameters. Both go by either spelling: \
`call add-image --product-id 1` is `call AddImage --ProductId 1`. Values are checked against the documented limits before anything is \
sent, and pictures are uploaded first, as the service wants it. A picture is the path of a file, \
`-` for stdin, or `url:` followed by the address of a picture that is sent as it is.

`--api-version` tells which version of the API the operations are of: `call --api-version \
2018-01-20 --help` lists those of the oldest. Their pictures travel inside the request and are \
files or `-`; `--picture NAME=FILE` may be repeated, as `--pic-list NAME` may.

Credentials are never on the command line, since others can read it. They come from the first of \
these that has some: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and \
ALIBABA_CLOUD_SECURITY_TOKEN; an OIDC role; the current profile of `aliyun configure`; \
~/.alibabacloud/credentials.ini; the RAM role of the ECS instance; ALIBABA_CLOUD_CREDENTIALS_URI. \
With --emulator and neither of the first two set, the emulator's default account is used.";

/// Builds the command `call`, with a subcommand for each operation of a version.
pub(crate) fn command(version: ApiVersion) -> Command {
    // The options first: clap uses the description of their type for the command.
    let call = Connection::augment_args(Command::new("call"))
        .about("Sends a request of one operation and prints the response")
        .long_about(ABOUT)
        .after_help(EXIT_CODES)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand_value_name("OPERATION")
        .subcommand_help_heading("Operations")
        .disable_help_subcommand(true);
    let taken: Vec<String> = call
        .get_arguments()
        .filter_map(|argument| argument.get_long().map(str::to_owned))
        .collect();
    call.subcommands(operations(version).map(|operation| operation_command(operation, &taken)))
}

/// Converts a wire name to kebab case: `PicName` to `pic-name`.
pub(crate) fn kebab_case(name: &str) -> String {
    name.to_kebab_case()
}

fn operation_command(operation: &'static Operation, taken: &[String]) -> Command {
    let flags = operation.parameters.iter().filter(|it| !it.scope);
    Command::new(operation.name)
        .alias(kebab_case(operation.name))
        .about(operation.summary.trim_end_matches('.'))
        .after_help(help::after(operation, |parameter| flag_name(parameter, taken)))
        .next_help_heading("Parameters")
        .args(flags.map(|parameter| flag(operation, parameter, taken)))
}

fn flag(operation: &Operation, parameter: &'static Parameter, taken: &[String]) -> Arg {
    let argument = Arg::new(parameter.name)
        .long(flag_name(parameter, taken))
        .alias(parameter.name)
        .value_name(value_name(parameter.kind))
        .help(help::of_parameter(operation, parameter));
    match parameter.kind {
        // `--crop` alone means `--crop true`.
        Kind::Boolean => argument.num_args(0..=1).default_missing_value("true"),
        // The flag is repeated for each picture, so it is in the singular.
        Kind::Pictures => argument.visible_alias("picture").action(ArgAction::Append),
        Kind::PictureNames => argument.action(ArgAction::Append),
        _ => argument.allow_negative_numbers(true),
    }
}

/// Returns the flag of a parameter, with the prefix `param-` if `call` has an option of the same
/// name.
fn flag_name(parameter: &Parameter, taken: &[String]) -> String {
    let name = kebab_case(parameter.name);
    if taken.contains(&name) { format!("param-{name}") } else { name }
}

fn value_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer32 | Kind::Integer64 => "INTEGER",
        Kind::Boolean => "true|false",
        Kind::Filter => "FILTER",
        Kind::Image => "FILE|-|url:ADDRESS",
        Kind::InlineImage => "FILE|-",
        Kind::Pictures => "NAME=FILE|FILE",
        Kind::PictureNames => "NAME",
        Kind::Category => "CATEGORY",
        Kind::BoundingBox => "x1,x2,y1,y2",
        Kind::ScoreThreshold => "DECIMAL",
        Kind::TaskId => "ID",
        _ => "TEXT",
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn has_a_flag_for_every_parameter_but_the_instance() {
        for version in ApiVersion::value_variants() {
            let command = command(*version);
            for operation in operations(*version) {
                let found = command.find_subcommand(operation.name).unwrap();
                for parameter in operation.parameters {
                    let name = parameter.name;
                    let flag = found.get_arguments().find(|argument| argument.get_id() == name);
                    assert_eq!(flag.is_none(), parameter.scope, "{} {name}", operation.name);
                }
            }
        }
    }

    #[test]
    fn leaves_the_names_of_its_own_options_alone() {
        let command = command(ApiVersion::V2020);
        let add = command.find_subcommand("AddImage").unwrap();
        let region = add.get_arguments().find(|argument| argument.get_id() == "Region").unwrap();
        assert_eq!(region.get_long(), Some("param-region"));
    }
}
