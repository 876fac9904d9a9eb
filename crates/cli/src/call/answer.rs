use std::fmt::Write;

use super::connection::Output;
use crate::{exit::Failure, json::Json, output};

/// Prints a response.
pub(super) fn print(body: &[u8], form: Output) -> Result<(), Failure> {
    let answer = parse(body)?;
    match form {
        Output::Json => output::json(&answer),
        Output::Text => {
            let mut lines = String::new();
            flatten("", &answer, &mut lines);
            output::line(lines.trim_end())
        }
    }
}

/// Parses a response, skipping a byte order mark as core does.
fn parse(body: &[u8]) -> Result<Json, Failure> {
    serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body))
        .map_err(|error| Failure::call(format!("the response is not JSON: {error}")))
}

/// Writes a line for each value: `Auctions[0].Score`, a tab, and the value.
fn flatten(place: &str, value: &Json, lines: &mut String) {
    let text = match value {
        Json::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                let dot = if place.is_empty() { "" } else { "." };
                flatten(&format!("{place}{dot}{}", one_line(key)), value, lines);
            }
            return;
        }
        Json::List(values) if !values.is_empty() => {
            for (index, value) in values.iter().enumerate() {
                flatten(&format!("{place}[{index}]"), value, lines);
            }
            return;
        }
        Json::Object(_) => "{}".to_owned(),
        Json::List(_) => "[]".to_owned(),
        Json::Null => "null".to_owned(),
        Json::Boolean(flag) => flag.to_string(),
        Json::Number(number) => number.to_string(),
        Json::Text(text) => one_line(text),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(lines, "{place}\t{text}");
}

/// Escapes characters that break the line or move the cursor of a terminal.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_a_byte_order_mark_over() {
        assert!(
            matches!(parse(b"\xef\xbb\xbf{}"), Ok(Json::Object(entries)) if entries.is_empty())
        );
    }

    #[test]
    fn writes_a_line_for_each_value() {
        let answer =
            r#"{"Success":true,"Auctions":[{"Score":0.5,"PicName":"a\nb"}],"Head":{},"X":[]}"#;
        let mut lines = String::new();
        flatten("", &serde_json::from_str(answer).unwrap(), &mut lines);
        assert_eq!(
            lines,
            "Success\ttrue\nAuctions[0].Score\t0.5\nAuctions[0].PicName\ta\\nb\nHead\t{}\nX\t[]\n"
        );
    }
}
