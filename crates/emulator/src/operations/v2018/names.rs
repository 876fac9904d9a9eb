//! The names that newer versions gave the parameters.

use imagesearch_core::{Parameters, Value};

use crate::answer::Refusal;

const NAMES: [(&str, &str); 12] = [
    ("instanceName", "InstanceName"),
    ("item_id", "ProductId"),
    ("cat_id", "CategoryId"),
    ("cust_content", "CustomContent"),
    ("crop", "Crop"),
    ("region", "Region"),
    ("int_attr", "IntAttr"),
    ("str_attr", "StrAttr"),
    ("s", "Start"),
    ("n", "Num"),
    ("filter", "Filter"),
    ("searchPic", "PicContent"),
];

/// Gives parameters that were checked under their old names the new ones.
///
/// Lists of pictures and of their names have no counterpart and stay as they are.
pub(crate) fn renamed(parameters: &Parameters) -> Result<Parameters, Refusal> {
    let mut renamed = Parameters::new();
    for (old, value) in parameters.iter() {
        if old == "cat_id" {
            if let Some(category) = category(value)? {
                renamed.set("CategoryId", category);
            }
            continue;
        }
        match name_since_2018(old) {
            Some(new) => renamed.set(new, value.clone()),
            None => renamed.set(old.to_owned(), value.clone()),
        }
    }
    Ok(renamed)
}

/// Returns the name that newer versions gave a parameter.
pub(crate) fn name_since_2018(old: &str) -> Option<&'static str> {
    NAMES.iter().find(|(name, _)| *name == old).map(|(_, new)| *new)
}

/// Reads the category, a number that travels as a text and may be empty.
fn category(value: &Value) -> Result<Option<i32>, Refusal> {
    let text = value.to_wire().unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        Refusal::of("InvalidCategory").because("cat_id must be a whole number of 32 bits")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_new_name_is_one_of_the_newest_version() {
        for (old, new) in NAMES {
            let known = |version: &str, name: &str| {
                let operations = imagesearch_core::OPERATIONS.iter();
                let mut operations = operations.filter(|it| it.version == version);
                operations.any(|it| it.parameter(name).is_some())
            };
            assert!(known("2018-01-20", old) && known("2020-12-14", new), "{old} {new}");
        }
    }

    #[test]
    fn categories_become_numbers() {
        for (given, expected) in [
            ("88888888", Ok(Some(88888888))),
            ("", Ok(None)),
            ("bags", Err("InvalidCategory")),
            ("99999999999", Err("InvalidCategory")),
        ] {
            let renamed = renamed(&Parameters::new().with("cat_id", given).with("s", 3));
            let category = renamed
                .map(|it| it.get("CategoryId").and_then(Value::as_integer))
                .map_err(|refusal| refusal.code);
            assert_eq!(category, expected.map_err(str::to_owned), "{given}");
        }
    }
}
