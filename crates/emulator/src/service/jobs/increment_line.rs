//! One line of `increment.meta`, in the form of today or in that of 2018.

use serde_json::{Map, Value};

use super::names::name_since_2018;
use crate::service::refusal::Refusal;

/// What is to be done with one picture, or with all of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) action: Action,
    /// The fields by the names of `AddImage`, as a form would have them.
    pub(crate) fields: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Add,
    Delete,
}

impl Entry {
    /// Returns the value of a field.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a line; one of 2018 may be about several pictures.
///
/// Fields that are `null` count as absent.
pub(crate) fn read(line: &[u8]) -> Result<Vec<Entry>, Refusal> {
    let object: Map<String, Value> = serde_json::from_slice(line)
        .map_err(|error| malformed(format!("the line is no JSON object: {error}")))?;
    if object.contains_key("operator") { read_old(object) } else { read_new(object) }
}

fn read_new(mut object: Map<String, Value>) -> Result<Vec<Entry>, Refusal> {
    let action = action("OperationType", object.remove("OperationType").as_ref())?;
    let fields = object.into_iter().filter_map(|(name, value)| field(name, value).transpose());
    Ok(vec![Entry { action, fields: fields.collect::<Result<_, _>>()? }])
}

fn read_old(mut object: Map<String, Value>) -> Result<Vec<Entry>, Refusal> {
    let action = action("operator", object.remove("operator").as_ref())?;
    let names = match object.remove("pic_list") {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => serde_json::from_value::<Vec<String>>(list)
            .map_err(|_| malformed("pic_list must be a list of texts".to_owned()))?,
    };
    let fields = object.into_iter().filter_map(|(name, value)| {
        let name = name_since_2018(&name).map_or(name, str::to_owned);
        field(name, value).transpose()
    });
    let fields: Vec<_> = fields.collect::<Result<_, _>>()?;
    match (action, names.is_empty()) {
        (Action::Add, true) => Err(Refusal::of("NoPicList")),
        (Action::Delete, true) => Ok(vec![Entry { action, fields }]),
        (_, false) => {
            let named = names.into_iter().map(|name| {
                let mut fields = fields.clone();
                fields.push(("PicName".to_owned(), name));
                Entry { action, fields }
            });
            Ok(named.collect())
        }
    }
}

fn action(name: &str, value: Option<&Value>) -> Result<Action, Refusal> {
    match value.and_then(Value::as_str) {
        Some("ADD") => Ok(Action::Add),
        Some("DELETE") => Ok(Action::Delete),
        _ => Err(malformed(format!("{name} must be ADD or DELETE"))),
    }
}

fn field(name: String, value: Value) -> Result<Option<(String, String)>, Refusal> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Array(_) | Value::Object(_) => {
            return Err(malformed(format!("{name} must be a text, a number or a boolean")));
        }
    };
    Ok(Some((name, text)))
}

fn malformed(reason: String) -> Refusal {
    Refusal::of("InvalidMetaItem").because(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Result<Vec<String>, String> {
        let entries = read(line.as_bytes()).map_err(|refusal| refusal.code)?;
        let show = |entry: &Entry| {
            let fields = entry.fields.iter().map(|(name, value)| format!(" {name}={value}"));
            format!("{:?}{}", entry.action, fields.collect::<String>())
        };
        Ok(entries.iter().map(show).collect())
    }

    #[test]
    fn both_forms_are_read() {
        for (line, expected) in [
            (
                r#"{"OperationType":"ADD","ProductId":"1","PicName":"a/b.jpg","CategoryId":0,
                    "Crop":true,"StrAttr":null,"Region":"1,2,3,4"}"#,
                vec!["Add CategoryId=0 Crop=true PicName=a/b.jpg ProductId=1 Region=1,2,3,4"],
            ),
            (r#"{"OperationType":"DELETE","ProductId":"1"}"#, vec!["Delete ProductId=1"]),
            (
                r#"{"operator":"ADD","item_id":"1","cat_id":0,"cust_content":"c",
                    "pic_list":["a.jpg","b.jpg"]}"#,
                vec![
                    "Add CategoryId=0 CustomContent=c ProductId=1 PicName=a.jpg",
                    "Add CategoryId=0 CustomContent=c ProductId=1 PicName=b.jpg",
                ],
            ),
            (r#"{"operator":"DELETE","item_id":"1"}"#, vec!["Delete ProductId=1"]),
        ] {
            let expected = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(shown(line), Ok(expected), "{line}");
        }
    }

    #[test]
    fn lines_that_are_none_are_refused() {
        for (line, expected) in [
            ("", "InvalidMetaItem"),
            ("[]", "InvalidMetaItem"),
            (r#"{"ProductId":"1"}"#, "InvalidMetaItem"),
            (r#"{"OperationType":"add"}"#, "InvalidMetaItem"),
            (r#"{"OperationType":"ADD","ProductId":["1"]}"#, "InvalidMetaItem"),
            (r#"{"operator":"ADD","item_id":"1"}"#, "NoPicList"),
            (r#"{"operator":"ADD","item_id":"1","pic_list":[1]}"#, "InvalidMetaItem"),
            ("\u{feff}{}", "InvalidMetaItem"),
        ] {
            assert_eq!(shown(line), Err(expected.to_owned()), "{line}");
        }
        assert_eq!(read(b"\xff\xfe").map_err(|it| it.code), Err("InvalidMetaItem".to_owned()));
    }
}
