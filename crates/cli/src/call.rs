mod answer;
mod command;
mod connection;
mod help;
mod limits;
mod values;

pub(crate) use command::{command, kebab_case};

use clap::ArgMatches;
use imagesearch_core::{Operation, RawCall, operation::Kind};

use self::connection::Connection;
use crate::exit::Failure;

/// Sends the request that the flags describe, and prints the answer.
pub(crate) fn run(operation: &'static Operation, matches: &ArgMatches) -> Result<(), Failure> {
    let connection = Connection::read(matches);
    let mut call = RawCall::new(operation.name);
    for parameter in operation.parameters.iter().filter(|it| !it.scope) {
        if let Some(text) = matches.get_one::<String>(parameter.name) {
            let value = match parameter.kind {
                Kind::Image => values::picture(parameter.name, text)?.into(),
                _ => values::read(parameter, text),
            };
            call = call.parameter(parameter.name, value);
        }
    }
    for (name, value) in &connection.query {
        call = call.query(name.as_str(), value.as_str());
    }
    for (name, value) in &connection.form {
        call = call.form(name.as_str(), value.as_str());
    }
    let reply = connection.instance()?.raw(call).send()?;
    answer::print(reply.meta().body(), connection.output)
}
