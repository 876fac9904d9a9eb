//! Writes the intermediate representation as Rust, and as a page about the emulator.

mod call_example;
mod client;
mod docs;
mod errors;
mod example;
mod fidelity;
mod imports;
mod limits;
mod modules;
mod operation;
mod operation_docs;
mod paging;
mod request;
mod response;
mod service;
mod tables;
mod types;

pub(crate) use imports::reserved_names;

use proc_macro2::TokenStream;

use call_example::Client;

use crate::format::SourceFile;
use crate::ir::{Api, Generation};

/// The folder of the core crate's generated files.
const CORE: &str = "crates/core/src/generated";

/// The crates with a client, whose methods are generated.
const CLIENTS: [Client; 2] = [
    Client {
        source: "crates/blocking/src",
        name: "imagesearch_blocking",
        send: ".send()?",
        read: "?",
        asynchronous: false,
    },
    Client {
        source: "crates/async/src",
        name: "imagesearch_async",
        send: ".await?",
        read: ".await?",
        asynchronous: true,
    },
];

/// A source file before it is formatted.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The path below the root of the workspace.
    pub path: String,
    /// The files below `api-spec/` that it comes from, for its first line.
    pub origin: String,
    /// What the module holds, for its documentation.
    pub summary: String,
    /// The items.
    pub tokens: TokenStream,
}

/// All that is written.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Rust, which still has to be laid out.
    pub sources: Vec<Rendered>,
    /// Markdown, as it is.
    pub pages: Vec<SourceFile>,
}

/// Writes every file; the same representation always gives the same files.
pub fn render(api: &Api<'_>) -> Generated {
    Generated { sources: sources(api), pages: fidelity::page(api).into_iter().collect() }
}

fn sources(api: &Api<'_>) -> Vec<Rendered> {
    let mut files = vec![
        modules::root(api),
        tables::service(api),
        tables::regions(api),
        tables::categories(api),
        tables::image_limits(api),
        tables::filter_fields(api),
        tables::spellings(api),
        tables::printable(api),
        errors::error_code(api),
    ];
    files.extend(modules::lists(api));
    for generation in &api.generations {
        let folder = folder(generation);
        files.push(types::types(generation, &folder));
        files.push(modules::operations(generation, &folder));
        files.extend(generation.module.iter().map(|_| modules::generation(generation, &folder)));
        let operations = generation.operations.iter();
        files.extend(operations.map(|it| operation_file(it, generation, api, &folder)));
    }
    for client in &CLIENTS {
        files.push(modules::client(api, client.source));
        files.push(client::instance(api, client));
        let older = api.generations.iter();
        files.extend(older.filter_map(|it| client::generation(it, client)));
    }
    files.extend(service::files(api));
    files
}

fn folder(generation: &Generation<'_>) -> String {
    match &generation.module {
        Some(module) => format!("{CORE}/{module}"),
        None => CORE.to_owned(),
    }
}

fn operation_file(
    operation: &crate::ir::Operation<'_>,
    generation: &Generation<'_>,
    api: &Api<'_>,
    folder: &str,
) -> Rendered {
    let request = request::request(operation, generation, api);
    let response = response::response(operation);
    let constant = operation::constant(operation, generation);
    let items = quote::quote! { #request #response #constant };
    let imports = imports::imports(&items, generation);
    Rendered {
        path: format!("{folder}/operations/{}.rs", operation.snake),
        origin: operation.path.to_owned(),
        summary: format!("{}: request, response and description.", *operation.spec.name),
        tokens: quote::quote! { #imports #items },
    }
}
