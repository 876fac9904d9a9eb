use std::fmt::Write;

use imagesearch_core::{
    API_VERSION,
    errors::ErrorCode,
    operation::{Enforce, Example, ExampleValue, Kind, Operation, Parameter, Required, Rule},
};

use super::limits;

/// Returns the help of a flag: meaning, limits, default, and when it was added.
pub(super) fn of_parameter(operation: &Operation, parameter: &Parameter) -> String {
    let mut facts: Vec<String> = Vec::new();
    match parameter.required {
        Required::Always => facts.push("required".to_owned()),
        Required::Sometimes { when } => facts.push(format!("required {when}")),
        _ => {}
    }
    facts.extend(limits::of_parameter(operation, parameter));
    facts.extend(parameter.default.map(|value| format!("default: {value}")));
    facts.extend(parameter.since.map(|version| format!("since {version}")));
    let summary = parameter.summary.trim_end_matches('.');
    if facts.is_empty() { summary.to_owned() } else { format!("{summary} [{}]", facts.join("; ")) }
}

/// Returns the text after the flags: rules, rate limit, the documentation page and an example.
pub(super) fn after(operation: &Operation, flag_name: impl Fn(&Parameter) -> String) -> String {
    let mut text = String::new();
    for rule in operation.rules {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", describe(rule));
    }
    let _ = writeln!(
        text,
        "Rate limit: {}.\nRAM action: {}\nRAM resource: {}\nDocumentation: {}",
        operation.quota.text, operation.ram_action, operation.ram_resource, operation.documentation,
    );
    text.push_str(&errors(operation));
    if let Some(example) = operation.example() {
        let _ = writeln!(
            text,
            "\nExample:\n  imagesearch call {}{} --instance demoinstance1 --region cn-shanghai{}\n\nResponse:",
            version_flag(operation),
            operation.name,
            example_flags(operation, example, flag_name),
        );
        for line in example.response.lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

/// Writes the first of the documented error codes, with what to do about each.
fn errors(operation: &Operation) -> String {
    /// More would bury those that a caller can mend, which come first.
    const MOST: usize = 12;

    let mut text = "\nErrors:\n".to_owned();
    for code in operation.errors.iter().take(MOST) {
        let code = ErrorCode::from(*code);
        let description = code.description();
        let (meaning, advice) = description.map_or(("", ""), |it| (it.meaning, it.advice));
        let _ = writeln!(text, "  {code}: {meaning} {advice}");
    }
    match operation.errors.len().saturating_sub(MOST) {
        0 => {}
        more => {
            let _ = writeln!(
                text,
                "  The documentation lists {more} more, most of them for any operation."
            );
        }
    }
    text
}

/// Returns the flag that selects an older version.
fn version_flag(operation: &Operation) -> String {
    match operation.version {
        API_VERSION => String::new(),
        version => format!("--api-version {version} "),
    }
}

fn describe(rule: &Rule) -> String {
    let enforced = |enforce: &Enforce| match enforce {
        Enforce::Reject => "",
        _ => " (not checked)",
    };
    match rule {
        Rule::SumAtMost { parameters, limit, enforce, .. } => {
            let names: Vec<&str> = parameters.iter().map(|(name, _)| *name).collect();
            let sum = names.join(" + ");
            format!("{sum} is at most {limit}{}.", enforced(enforce))
        }
        Rule::RequiredIf { parameter, condition, enforce, .. } => {
            let word = if condition.equal { "is" } else { "is not" };
            format!(
                "{parameter} is required when {} {word} {}{}.",
                condition.parameter,
                condition.value,
                enforced(enforce)
            )
        }
        _ => String::new(),
    }
}

/// Returns the flags of the specification's example, quoted for a shell.
fn example_flags(
    operation: &Operation,
    example: &Example,
    flag_name: impl Fn(&Parameter) -> String,
) -> String {
    let mut line = String::new();
    for (name, value) in example.parameters {
        let Some(parameter) = operation.parameter(name) else {
            continue;
        };
        let repeated: Vec<String> = match value {
            ExampleValue::Pictures(pictures) => {
                pictures.iter().map(|(name, _)| (*name).to_owned()).collect()
            }
            ExampleValue::Names(names) => names.iter().map(|name| (*name).to_owned()).collect(),
            _ => Vec::new(),
        };
        for value in repeated {
            let _ = write!(line, " \\\n    --{} {}", flag_name(parameter), shell_quoted(&value));
        }
        let value = match value {
            ExampleValue::InlineImage(_) => "picture.jpg".to_owned(),
            ExampleValue::Text(address) if parameter.kind == Kind::Image => {
                format!("url:{address}")
            }
            ExampleValue::Text(text) => (*text).to_owned(),
            ExampleValue::Integer(number) => number.to_string(),
            ExampleValue::Boolean(flag) => flag.to_string(),
            _ => continue,
        };
        let _ = write!(line, " \\\n    --{} {}", flag_name(parameter), shell_quoted(&value));
    }
    line
}

fn shell_quoted(value: &str) -> String {
    let plain = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | ',' | '/' | ':')
    };
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_a_shell_would_take_apart() {
        for (value, quoted) in [
            ("1000", "1000"),
            ("url:http://a.example/b.jpg", "url:http://a.example/b.jpg"),
            ("", "''"),
            ("a b", "'a b'"),
            ("int_attr>3", "'int_attr>3'"),
            ("it's", r"'it'\''s'"),
        ] {
            assert_eq!(shell_quoted(value), quoted);
        }
    }
}
