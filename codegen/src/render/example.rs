use crate::{
    ir::{Generation, Operation, Setter},
    names,
    spec::{ExampleValue, ParameterType},
};

/// Columns of a line of an example.
const EXAMPLE_WIDTH: usize = 90;

/// Writes the example as a test: the request that it makes has the parameters that it lists.
pub(super) fn example(operation: &Operation<'_>, generation: &Generation<'_>) -> Vec<String> {
    let spec = operation.spec;
    let Some(constructor) = operation.constructors.get(operation.example_constructor) else {
        return Vec::new();
    };
    let request = format!("{}Request", *spec.name);
    let module = generation.module.iter().map(|module| format!("{module}::")).collect::<String>();
    let mut imports = vec!["Request".to_owned(), format!("{module}{request}")];
    let mut fallible = false;
    let mut inline = false;
    let mut value = |setter: &Setter<'_>| {
        let example = spec.example.parameters.get(&setter.spec.name)?;
        let example = match &**example {
            ExampleValue::Scalar(scalar) => scalar.to_string(),
            ExampleValue::Pictures(pictures) => {
                imports.push("Image".to_owned());
                inline = true;
                let pictures = pictures.iter().map(|(name, _)| {
                    format!("({}, Image::from_bytes(picture))", super::operation::text(name))
                });
                return Some(format!("[{}]", pictures.collect::<Vec<_>>().join(", ")));
            }
            ExampleValue::Names(names) => {
                let names = names.iter().map(|name| super::operation::text(name).to_string());
                return Some(format!("[{}]", names.collect::<Vec<_>>().join(", ")));
            }
        };
        let text = super::operation::text(&example);
        Some(match *setter.spec.kind {
            ParameterType::String => text.to_string(),
            ParameterType::InlineImage => {
                imports.push("Image".to_owned());
                inline = true;
                "Image::from_bytes(picture)".to_owned()
            }
            ParameterType::Image => {
                imports.push("Image".to_owned());
                format!("Image::from_url({text})")
            }
            ParameterType::Filter | ParameterType::BoundingBox | ParameterType::ScoreThreshold => {
                fallible = true;
                let target = match *setter.spec.kind {
                    ParameterType::Filter => "Filter",
                    ParameterType::BoundingBox => "BoundingBox",
                    _ => "ScoreThreshold",
                };
                imports.push(target.to_owned());
                format!("{text}.parse::<{target}>()?")
            }
            ParameterType::Category
            | ParameterType::TaskId
            | ParameterType::Int32
            | ParameterType::Int64
            | ParameterType::Bool
            | ParameterType::Pictures
            | ParameterType::PictureNames => example,
        })
    };
    let arguments: Vec<String> = constructor.arguments.iter().filter_map(&mut value).collect();
    let setters: Vec<String> = operation
        .setters
        .iter()
        .filter_map(|setter| Some(format!(".{}({})", names::ident(&setter.name), value(setter)?)))
        .collect();
    let function = format!("{request}::{}", names::ident(constructor.name));
    let mut start = format!("{function}({})", arguments.join(", "));
    if start.len() > EXAMPLE_WIDTH {
        start = format!("{function}(\n    {},\n)", arguments.join(",\n    "));
    }
    imports.sort();
    imports.dedup();
    let mut lines = vec![
        "```".to_owned(),
        format!("use imagesearch_core::{{{}}};", imports.join(", ")),
        String::new(),
    ];
    if inline {
        lines.push("let picture: &[u8] = b\"the content of a file\";".to_owned());
    }
    let whole = format!("let request = {start}{};", setters.concat());
    if setters.len() < 3 && whole.len() <= EXAMPLE_WIDTH || setters.is_empty() {
        lines.extend(whole.lines().map(str::to_owned));
    } else {
        let indent = if start.contains('\n') { "" } else { "    " };
        lines.extend(format!("let request = {start}").lines().map(str::to_owned));
        lines.extend(setters.iter().map(|setter| format!("{indent}{setter}")));
        if let Some(last) = lines.last_mut() {
            last.push(';');
        }
    }
    let count = spec.example.parameters.iter().count();
    lines.push(format!("assert_eq!(request.parameters().len(), {count});"));
    if fallible {
        lines.push("# Ok::<(), Box<dyn std::error::Error>>(())".to_owned());
    }
    lines.push("```".to_owned());
    lines
}
