mod answer;
mod command;
mod connection;
mod help;
mod limits;
mod values;

pub(crate) use command::{command, kebab_case};

use clap::ArgMatches;
use imagesearch_core::{
    operation::{Kind, Operation, Parameter},
    parameters::Value,
    requests::RawRequest,
};

use self::connection::Connection;
use crate::exit::Failure;

/// Sends the request that the flags describe and prints the response.
pub(crate) fn run(operation: &'static Operation, matches: &ArgMatches) -> Result<(), Failure> {
    let connection = Connection::read(matches);
    let mut call = RawRequest::new(operation.name).version(operation.version);
    for parameter in operation.parameters.iter().filter(|it| !it.scope) {
        if let Some(texts) = matches.get_many::<String>(parameter.name) {
            let texts: Vec<&str> = texts.map(String::as_str).collect();
            call = call.parameter(parameter.name, value(parameter, &texts)?);
        }
    }
    if operation.has_caret() && !connection.form.is_empty() {
        return Err(Failure::usage(format!("{} has no form; omit `--form`", operation.name)));
    }
    for (name, value) in &connection.query {
        call = call.query(name.as_str(), value.as_str());
    }
    for (name, value) in &connection.form {
        call = call.form(name.as_str(), value.as_str());
    }
    let instance = connection.instance(operation)?;
    let reply = instance.raw(call).with_non_ascii_values(connection.non_ascii).send()?;
    answer::print(reply.meta().body(), connection.output)
}

/// Reads the values of a parameter; only lists have more than one.
fn value(parameter: &Parameter, texts: &[&str]) -> Result<Value, Failure> {
    let last = texts.last().copied().unwrap_or_default();
    Ok(match parameter.kind {
        Kind::Image | Kind::InlineImage => values::picture(parameter.name, last)?.into(),
        Kind::Pictures => values::pictures(parameter.name, texts)?,
        Kind::PictureNames => Value::Names(texts.iter().map(|it| (*it).to_owned()).collect()),
        _ => values::read(parameter, last),
    })
}
