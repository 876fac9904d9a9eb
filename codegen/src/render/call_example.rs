//! Examples of calls: what a method of a client documents.

use super::example::{ExampleRequest, Pictures, use_line};
use crate::{
    ir::{Field, Generation, Item, Operation},
    names,
};

/// More setters would hide the call; the request documents all.
const MOST_SETTERS: usize = 3;

/// A client as its examples see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    /// The folder of its sources.
    pub(super) source: &'static str,
    /// The name of the crate in Rust.
    pub(super) name: &'static str,
    /// What stands behind a call to send it.
    pub(super) send: &'static str,
    /// What stands behind the reading of a file.
    pub(super) read: &'static str,
    /// Whether examples are asynchronous.
    pub(super) asynchronous: bool,
}

/// Writes the example of a method: making the request, sending it and reading the answer.
pub(super) fn of_method(
    operation: &Operation<'_>,
    generation: &Generation<'_>,
    client: &Client,
) -> Vec<String> {
    let request = ExampleRequest::new(operation, Pictures::File(client.read), MOST_SETTERS);
    let names = request.imports.iter().map(String::as_str).chain(["Client"]);
    let uses = use_line(client.name, names, generation);
    let handle = generation.module.iter().map(|module| format!(".{module}()")).collect::<String>();
    let mut lines = vec!["```no_run".to_owned(), uses, String::new()];
    if client.asynchronous {
        lines.push("# async fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    }
    lines.push("let instance = Client::from_env()?.instance(\"demoinstance1\");".to_owned());
    lines.extend(request.lines);
    let call = format!("instance{handle}.{}(request)", names::ident(&operation.snake));
    lines.push(format!("let answer = {call}{};", client.send));
    let reads = &operation.spec.example.reads;
    let paths: Vec<Vec<&str>> = reads.iter().map(|path| path.split('.').collect()).collect();
    let paths: Vec<&[&str]> = paths.iter().map(Vec::as_slice).collect();
    read("answer", &operation.fields, generation, &paths, &mut lines, 0);
    let end: &[&str] = match client.asynchronous {
        true => &["# Ok(())", "# }", "```"],
        false => &["# Ok::<(), Box<dyn std::error::Error>>(())", "```"],
    };
    lines.extend(end.iter().map(|line| (*line).to_owned()));
    lines
}

/// Writes how fields are read: values of one object together, objects and lists opened.
fn read(
    owner: &str,
    fields: &[Field<'_>],
    generation: &Generation<'_>,
    paths: &[&[&str]],
    lines: &mut Vec<String>,
    depth: usize,
) {
    let indent = "    ".repeat(depth);
    let values: Vec<String> = paths
        .iter()
        .filter_map(|path| match path {
            [name] => Some(format!("{owner}.{}", names::ident(&names::snake(name)))),
            _ => None,
        })
        .collect();
    if !values.is_empty() {
        let places = vec!["{:?}"; values.len()].join(" ");
        lines.push(format!("{indent}println!(\"{places}\", {});", values.join(", ")));
    }
    let mut opened: Vec<&str> = Vec::new();
    for path in paths {
        let [first, _, ..] = path else { continue };
        let Some(field) = fields.iter().find(|it| it.spec.name.as_str() == *first) else {
            continue;
        };
        if opened.contains(first) {
            continue;
        }
        opened.push(first);
        let inner: Vec<&[&str]> = paths
            .iter()
            .filter_map(|path| match path {
                [name, rest @ ..] if name == first && !rest.is_empty() => Some(rest),
                _ => None,
            })
            .collect();
        let Item::Generated(kind) = &field.shape.item else {
            continue;
        };
        let Some(object) = generation.objects.iter().find(|it| it.spec.name.as_str() == kind)
        else {
            continue;
        };
        let place = format!("&{owner}.{}", names::ident(&field.name));
        let name = if field.shape.list { names::snake(kind) } else { field.name.clone() };
        let name = names::ident(&name).to_string();
        lines.push(match field.shape.list {
            true => format!("{indent}for {name} in {place} {{"),
            false => format!("{indent}if let Some({name}) = {place} {{"),
        });
        read(&name, &object.fields, generation, &inner, lines, depth + 1);
        lines.push(format!("{indent}}}"));
    }
}
