use std::collections::{BTreeMap, BTreeSet};

use super::operation::text;
use crate::{
    ir::{Generation, Operation, Setter},
    names,
    spec::{ExampleValue, ParameterType},
};

/// Columns of a line of an example.
const EXAMPLE_WIDTH: usize = 90;

/// Where the pictures of an example come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pictures {
    /// From an address, or from bytes that the example names `picture`.
    Given,
    /// From a file, read by a function of the client that ends in these characters.
    File(&'static str),
}

/// The code that makes the request of the worked example.
#[derive(Debug)]
pub(super) struct ExampleRequest {
    /// What it uses, without paths.
    pub(super) imports: BTreeSet<String>,
    /// The statement `let request = ..;`.
    pub(super) lines: Vec<String>,
    /// Whether something in it can fail.
    pub(super) fallible: bool,
    /// Whether it uses `picture`.
    picture: bool,
}

impl ExampleRequest {
    /// Writes the request of an operation, with at most as many setters as given.
    pub(super) fn new(operation: &Operation<'_>, pictures: Pictures, most_setters: usize) -> Self {
        let name = format!("{}Request", *operation.spec.name);
        let mut request = Self {
            imports: BTreeSet::from([name.clone()]),
            lines: Vec::new(),
            fallible: false,
            picture: false,
        };
        let Some(constructor) = operation.constructors.get(operation.example_constructor) else {
            return request;
        };
        let mut value = |setter: &Setter<'_>| {
            let example = operation.spec.example.parameters.get(&setter.spec.name)?;
            Some(request.value(example, *setter.spec.kind, pictures))
        };
        let arguments: Vec<String> = constructor.arguments.iter().filter_map(&mut value).collect();
        let setters = operation.setters.iter();
        let setters: Vec<String> = setters
            .filter(|setter| operation.spec.example.parameters.get(&setter.spec.name).is_some())
            .take(most_setters)
            .filter_map(|setter| {
                Some(format!(".{}({})", names::ident(&setter.name), value(setter)?))
            })
            .collect();
        let function = format!("{name}::{}", names::ident(constructor.name));
        request.lines = statement(&function, &arguments, &setters);
        request
    }

    /// Writes a value, and notes what it needs.
    fn value(&mut self, example: &ExampleValue, kind: ParameterType, from: Pictures) -> String {
        let example = match example {
            ExampleValue::Scalar(scalar) => scalar.to_string(),
            ExampleValue::Pictures(pictures) => {
                let pictures = pictures.iter().map(|(name, _)| {
                    format!("({}, {})", text(name), self.image(name, from, Self::INLINE))
                });
                return format!("[{}]", pictures.collect::<Vec<_>>().join(", "));
            }
            ExampleValue::Names(names) => {
                let names = names.iter().map(|name| text(name).to_string());
                return format!("[{}]", names.collect::<Vec<_>>().join(", "));
            }
        };
        match kind {
            ParameterType::String => text(&example).to_string(),
            ParameterType::InlineImage => self.image("picture.jpg", from, Self::INLINE),
            ParameterType::Image => {
                let file = example.rsplit('/').next().unwrap_or_default();
                self.image(file, from, Some(&example))
            }
            ParameterType::Filter => self.parsed("Filter", &example),
            ParameterType::BoundingBox => self.parsed("BoundingBox", &example),
            ParameterType::ScoreThreshold => self.parsed("ScoreThreshold", &example),
            ParameterType::Category
            | ParameterType::TaskId
            | ParameterType::Int32
            | ParameterType::Int64
            | ParameterType::Bool
            | ParameterType::Pictures
            | ParameterType::PictureNames => example,
        }
    }

    /// A picture without an address.
    const INLINE: Option<&'static str> = None;

    fn image(&mut self, file: &str, from: Pictures, url: Option<&str>) -> String {
        match (from, url) {
            (Pictures::File(end), _) => {
                self.imports.insert("image_from_path".to_owned());
                self.fallible = true;
                format!("image_from_path({}){end}", text(file))
            }
            (Pictures::Given, Some(url)) => {
                self.imports.insert("Image".to_owned());
                format!("Image::from_url({})", text(url))
            }
            (Pictures::Given, None) => {
                self.imports.insert("Image".to_owned());
                self.picture = true;
                "Image::from_bytes(picture)".to_owned()
            }
        }
    }

    fn parsed(&mut self, target: &str, example: &str) -> String {
        self.imports.insert(target.to_owned());
        self.fallible = true;
        format!("{}.parse::<{target}>()?", text(example))
    }
}

fn statement(function: &str, arguments: &[String], setters: &[String]) -> Vec<String> {
    let mut start = format!("{function}({})", arguments.join(", "));
    if start.len() > EXAMPLE_WIDTH {
        start = format!("{function}(\n    {},\n)", arguments.join(",\n    "));
    }
    let whole = format!("let request = {start}{};", setters.concat());
    if setters.len() < 3 && whole.len() <= EXAMPLE_WIDTH || setters.is_empty() {
        return whole.lines().map(str::to_owned).collect();
    }
    let indent = if start.contains('\n') { "" } else { "    " };
    let mut lines: Vec<String> =
        format!("let request = {start}").lines().map(str::to_owned).collect();
    lines.extend(setters.iter().map(|setter| format!("{indent}{setter}")));
    if let Some(last) = lines.last_mut() {
        last.push(';');
    }
    lines
}

/// Writes the example of a request as a test: the request has the parameters that are listed.
///
/// Both clients show it too, under paths of their own, so what it uses stays hidden.
pub(super) fn of_request(operation: &Operation<'_>, generation: &Generation<'_>) -> Vec<String> {
    let ExampleRequest { imports, lines, fallible, picture } =
        ExampleRequest::new(operation, Pictures::Given, usize::MAX);
    let names = imports.iter().map(String::as_str).chain(["Request"]);
    let mut example =
        vec!["```".to_owned(), format!("# {}", use_line("imagesearch_core", names, generation))];
    if picture {
        example.push("# let picture: &[u8] = b\"the content of a file\";".to_owned());
    }
    example.extend(lines);
    let count = operation.spec.example.parameters.iter().count();
    example.push(format!("# assert_eq!(request.parameters().len(), {count});"));
    if fallible {
        example.push("# Ok::<(), Box<dyn std::error::Error>>(())".to_owned());
    }
    example.push("```".to_owned());
    example
}

/// Writes what an example uses, from the pages that the crates have.
pub(super) fn use_line<'a>(
    from: &str,
    names: impl IntoIterator<Item = &'a str>,
    generation: &Generation<'_>,
) -> String {
    let mut pages: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
    for name in names {
        let page = match name {
            "BoundingBox" | "ScoreThreshold" => Some("values"),
            "Request" => Some("requests"),
            name if name.ends_with("Request") => {
                Some(generation.module.as_deref().unwrap_or("requests"))
            }
            _ => None,
        };
        pages.entry(page).or_default().insert(name);
    }
    let items = pages.into_iter().map(|(page, names)| {
        let names: Vec<&str> = names.into_iter().collect();
        match (page, names.as_slice()) {
            (None, _) => names.join(", "),
            (Some(page), [name]) => format!("{page}::{name}"),
            (Some(page), names) => format!("{page}::{{{}}}", names.join(", ")),
        }
    });
    let items: Vec<String> = items.collect();
    match items.as_slice() {
        [item] if !item.contains(", ") => format!("use {from}::{item};"),
        items => format!("use {from}::{{{}}};", items.join(", ")),
    }
}
