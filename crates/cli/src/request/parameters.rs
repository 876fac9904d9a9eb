use std::{
    fs,
    io::{self, Read},
};

use base64::prelude::{BASE64_STANDARD, Engine};
use imagesearch_core::{
    Image,
    operation::{Kind, Location, Operation},
    parameters::{Parameters, Value},
};
use serde_json::Number;

use super::pictures;
use crate::{exit::Failure, json::Json};

/// The parameters of a request, as in the file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Given {
    /// Parameters that the operation's table places.
    pub(super) known: Parameters,
    /// Parameters placed by hand in the query, as `query:Name`.
    pub(super) query: Vec<(String, String)>,
    /// Parameters placed by hand in the form, as `form:Name`.
    pub(super) form: Vec<(String, String)>,
}

impl Given {
    /// Reads parameters from a file, or from stdin for `-`.
    pub(super) fn read(operation: &Operation, source: &str) -> Result<Self, Failure> {
        let content = match source {
            "-" => {
                let mut content = Vec::new();
                io::stdin().lock().read_to_end(&mut content).map(|_| content)
            }
            path => fs::read(path),
        };
        content
            .map_err(|error| error.to_string())
            .and_then(|content| Self::parse(operation, &content))
            .map_err(|problem| Failure::usage(format!("parameters in `{source}`: {problem}")))
    }

    /// Returns the known parameters, with Base64 pictures decoded so that they are checked.
    pub(super) fn to_check(&self, operation: &Operation) -> Parameters {
        let mut parameters = self.known.clone();
        for parameter in operation.images() {
            if let Some(Value::Text(text)) = self.known.get(parameter.name)
                && let Ok(bytes) = BASE64_STANDARD.decode(text)
                && !bytes.is_empty()
            {
                debug_assert_eq!(parameter.kind, Kind::Image);
                parameters.set(parameter.name, Image::from_bytes(bytes));
            }
        }
        parameters
    }

    /// Returns the names of the parameters that are placed by hand.
    pub(super) fn placed(&self) -> Vec<&str> {
        self.query.iter().chain(&self.form).map(|(name, _)| name.as_str()).collect()
    }

    fn parse(operation: &Operation, content: &[u8]) -> Result<Self, String> {
        let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        let json: Json = serde_json::from_slice(content).map_err(|error| error.to_string())?;
        let Json::Object(entries) = json else {
            return Err(r#"must be a JSON object such as {"ProductId": "1000"}"#.to_owned());
        };
        let mut given = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for (key, json) in entries {
            if seen.contains(&key) {
                return Err(format!("`{}` is given twice", key.escape_debug()));
            }
            let value = value(operation, &key, json)?;
            let named = |name: &str| (name.to_owned(), wire(&value));
            match key.split_once(':') {
                Some(("query" | "form", "")) => {
                    return Err(format!("`{key}` has no name after the colon"));
                }
                Some(("query", name)) => given.query.push(named(name)),
                Some(("form", name)) => given.form.push(named(name)),
                _ => given.known.set(key.clone(), value),
            }
            seen.push(key);
        }
        Ok(given)
    }
}

fn value(operation: &Operation, key: &str, json: Json) -> Result<Value, String> {
    let parameter = operation.parameter(key);
    match (parameter.map(|it| (it.kind, it.location)), json) {
        (Some((Kind::Pictures, _)), Json::List(list)) => pictures::read(key, list),
        (Some((Kind::PictureNames, _)), Json::List(list)) => pictures::read_names(key, list),
        (Some((Kind::InlineImage, location)), Json::Text(text)) => {
            match parameter.map(|it| Value::parse(it.kind, &text)) {
                Some(image @ Value::Image(_)) => Ok(image),
                // A form can still contain it, to see how the service refuses it.
                _ if location == Location::Form => Ok(Value::Text(text)),
                _ => Err(format!("`{key}` is not Base64; it must be the bytes of a picture")),
            }
        }
        (_, json) => plain(key, json),
    }
}

fn plain(key: &str, json: Json) -> Result<Value, String> {
    let refuse = |what: &str, advice: &str| {
        let key = key.escape_debug();
        Err(format!("`{key}` is {what}; {advice}"))
    };
    match json {
        Json::Text(text) => Ok(Value::Text(text)),
        Json::Boolean(flag) => Ok(Value::Boolean(flag)),
        Json::Number(number) => match read_number(&number) {
            Some(value) => Ok(value),
            None => {
                refuse("a number of more than 64 bits", "write it as a string to send it unchanged")
            }
        },
        Json::Null => refuse("null", "omit the parameter, or send the string \"\""),
        Json::List(_) | Json::Object(_) => {
            refuse("a list or object", "use a string, a number, true or false")
        }
    }
}

fn read_number(number: &Number) -> Option<Value> {
    if let Some(integer) = number.as_i64() {
        return Some(Value::Integer(integer));
    }
    if number.is_u64() {
        return Some(Value::Text(number.to_string()));
    }
    // Longer integers are read as decimals, and would be sent with other digits.
    let decimal = number.as_f64()?;
    (decimal.abs() < 18_446_744_073_709_551_616.0).then_some(Value::Decimal(decimal))
}

fn wire(value: &Value) -> String {
    value.to_wire().unwrap_or_default().into_owned()
}

#[cfg(test)]
mod tests {
    use imagesearch_core::operations::DETAIL;

    use super::*;

    #[test]
    fn reads_every_kind_of_value_as_it_is_sent() {
        for (json, sent) in [
            (r#""""#, ""),
            (r#""\u54c1 +&""#, "品 +&"),
            ("true", "true"),
            ("false", "false"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("18446744073709551615", "18446744073709551615"),
            ("0.5", "0.5"),
            ("1.0", "1"),
            ("123456789.125", "123456789.125"),
        ] {
            let text = format!(r#"{{"A": {json}, "query:B": {json}, "form:C": {json}}}"#);
            let given = Given::parse(&DETAIL, text.as_bytes()).unwrap();
            assert_eq!(wire(given.known.get("A").unwrap()), sent, "{json}");
            assert_eq!(given.query, [("B".to_owned(), sent.to_owned())]);
            assert_eq!(given.form, [("C".to_owned(), sent.to_owned())]);
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_file() {
        for (text, words) in [
            ("", "EOF"),
            ("{", "EOF"),
            ("[1]", "JSON object"),
            (r#"{"Num": 1, "Num": 2}"#, "`Num` is given twice"),
            (r#"{"Num": [1]}"#, "`Num` is a list or object"),
            (r#"{"Num": null}"#, "omit the parameter"),
            (r#"{"IntAttr": 18446744073709551616}"#, "64 bits"),
            (r#"{"IntAttr": 1e999}"#, "out of range"),
            (r#"{"query:": 1}"#, "no name after the colon"),
            (r#"{"Num": 1} x"#, "trailing characters"),
        ] {
            let problem = Given::parse(&DETAIL, text.as_bytes()).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }
}
