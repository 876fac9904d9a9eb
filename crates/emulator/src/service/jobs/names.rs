//! The names that newer versions gave the parameters of 2018-01-20.

const NAMES: [(&str, &str); 7] = [
    ("item_id", "ProductId"),
    ("cat_id", "CategoryId"),
    ("cust_content", "CustomContent"),
    ("crop", "Crop"),
    ("region", "Region"),
    ("int_attr", "IntAttr"),
    ("str_attr", "StrAttr"),
];

/// Returns the name that newer versions gave a parameter of `AddItem`.
pub(crate) fn name_since_2018(old: &str) -> Option<&'static str> {
    NAMES.iter().find(|(name, _)| *name == old).map(|(_, new)| *new)
}

#[cfg(test)]
mod tests {
    use imagesearch_core::operation::Operation;

    use super::*;

    #[test]
    fn every_new_name_is_one_of_the_newest_version() {
        let known = |version: &str, operation: &str, name: &str| {
            let operation = Operation::find(version, operation).unwrap();
            operation.parameter(name).is_some()
        };
        for (old, new) in NAMES {
            assert!(known("2018-01-20", "AddItem", old), "{old}");
            assert!(known("2020-12-14", "AddImage", new), "{new}");
        }
    }
}
