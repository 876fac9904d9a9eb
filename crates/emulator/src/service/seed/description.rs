//! The description of a picture before it is stored.

use serde_json::{Map, Value};

use crate::service::refusal::Refusal;

/// The fields of a line beside `file`, and the parameters of `AddImage` that they are.
const FIELDS: [(&str, &str); 14] = [
    ("product_id", "ProductId"),
    ("pic_name", "PicName"),
    ("category_id", "CategoryId"),
    ("custom_content", "CustomContent"),
    ("region", "Region"),
    ("crop", "Crop"),
    ("int_attr", "IntAttr"),
    ("int_attr2", "IntAttr2"),
    ("int_attr3", "IntAttr3"),
    ("int_attr4", "IntAttr4"),
    ("str_attr", "StrAttr"),
    ("str_attr2", "StrAttr2"),
    ("str_attr3", "StrAttr3"),
    ("str_attr4", "StrAttr4"),
];

/// Describes a picture of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Description {
    /// The path below the folder.
    pub(super) file: String,
    /// The parameters of `AddImage`, as a form would have them.
    pub(crate) fields: Vec<(String, String)>,
}

impl Description {
    /// Names a picture after its file: the product is the name without folders and extension, the
    /// picture the whole path.
    pub(super) fn of_file(file: String) -> Self {
        Self { fields: Vec::new(), file }.completed()
    }

    /// Reads a line of `seed.jsonl`; a field that is `null` counts as absent.
    pub(crate) fn read(line: &str) -> Result<Self, Refusal> {
        let malformed = |reason: String| Refusal::of("InvalidMetaItem").because(reason);
        let object: Map<String, Value> = serde_json::from_str(line)
            .map_err(|error| malformed(format!("the line is no JSON object: {error}")))?;
        let mut file = None;
        let mut fields = Vec::new();
        for (name, value) in object {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                _ => return Err(malformed(format!("{name} must be a text or a number"))),
            };
            if name == "file" {
                file = Some(text);
                continue;
            }
            let known = FIELDS.into_iter().find(|(field, _)| *field == name);
            let Some((_, parameter)) = known else {
                let names = FIELDS.map(|(field, _)| field).join(", ");
                return Err(malformed(format!("{name} is unknown; there are file, {names}")));
            };
            fields.push((parameter.to_owned(), text));
        }
        let file = file.ok_or_else(|| malformed("the line names no file".to_owned()))?;
        Ok(Self { file, fields }.completed())
    }

    fn completed(mut self) -> Self {
        let name = self.file.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
        for (parameter, value) in [("ProductId", stem), ("PicName", self.file.clone())] {
            if !self.fields.iter().any(|(name, _)| name == parameter) {
                self.fields.push((parameter.to_owned(), value));
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_parameters() {
        for (line, expected) in [
            (r#"{"file": "a/b.c.png"}"#, vec![("ProductId", "b.c"), ("PicName", "a/b.c.png")]),
            (
                r#"{"file": "a.png", "product_id": 7, "int_attr2": -1, "crop": false, "region": null}"#,
                vec![
                    ("Crop", "false"),
                    ("IntAttr2", "-1"),
                    ("ProductId", "7"),
                    ("PicName", "a.png"),
                ],
            ),
        ] {
            let description = Description::read(line).unwrap();
            let fields = description.fields.iter();
            let fields: Vec<_> = fields.map(|(name, value)| (&**name, &**value)).collect();
            assert_eq!(fields, expected, "{line}");
        }
    }

    #[test]
    fn lines_that_are_not_understood_say_why() {
        for (line, part) in [
            ("[]", "no JSON object"),
            ("{", "no JSON object"),
            ("{}", "names no file"),
            (r#"{"file": "a", "price": 1}"#, "price is unknown"),
            (r#"{"file": "a", "str_attr": []}"#, "str_attr must be"),
        ] {
            let refusal = Description::read(line).unwrap_err();
            assert_eq!(refusal.code, "InvalidMetaItem", "{line}");
            assert!(refusal.advice.contains(part), "{line}: {}", refusal.advice);
        }
    }

    #[test]
    fn every_field_is_a_parameter_of_add_image() {
        let operation =
            imagesearch_core::operation::Operation::find("2020-12-14", "AddImage").unwrap();
        for (field, parameter) in FIELDS {
            assert!(operation.parameter(parameter).is_some(), "{field}");
        }
    }
}
