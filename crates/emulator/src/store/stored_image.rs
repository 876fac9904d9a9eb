use bytes::Bytes;
use imagesearch_core::filter::{self, Filter, IntegerField, StringField};
use imagesearch_core::values::{BoundingBox, CategoryId};
use imagesearch_similarity::Look;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// Identifies a picture within an instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub(crate) struct ImageKey {
    pub(crate) product_id: String,
    pub(crate) pic_name: String,
}

/// Describes a stored picture, all but its descriptor.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct StoredImage {
    pub(crate) key: ImageKey,
    pub(crate) category: CategoryId,
    /// The box that was given or found when the picture was stored.
    #[serde(deserialize_with = "parsed_region")]
    pub(crate) region: Option<BoundingBox>,
    pub(crate) attributes: Attributes,
}

/// A picture that is to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewImage {
    pub(crate) image: StoredImage,
    pub(crate) look: Look,
    /// The picture as it was sent; it is stored only if the emulator keeps pictures.
    pub(crate) picture: Option<Bytes>,
}

/// Holds what a caller may change about a stored picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Attributes {
    pub(crate) custom_content: Option<String>,
    pub(crate) integers: [Option<i32>; 4],
    pub(crate) strings: [Option<String>; 4],
}

/// Reads a box as it is written: its four numbers in a text.
fn parsed_region<'de, D: Deserializer<'de>>(from: D) -> Result<Option<BoundingBox>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

const INTEGERS: [&str; 4] = ["IntAttr", "IntAttr2", "IntAttr3", "IntAttr4"];
const STRINGS: [&str; 4] = ["StrAttr", "StrAttr2", "StrAttr3", "StrAttr4"];

impl Attributes {
    /// Sets what a change sets and keeps the rest.
    pub(crate) fn update(&mut self, change: &Self) {
        fn set<T: Clone>(old: &mut Option<T>, new: &Option<T>) {
            if new.is_some() {
                old.clone_from(new);
            }
        }
        set(&mut self.custom_content, &change.custom_content);
        for (old, new) in self.integers.iter_mut().zip(&change.integers) {
            set(old, new);
        }
        for (old, new) in self.strings.iter_mut().zip(&change.strings) {
            set(old, new);
        }
    }
}

impl StoredImage {
    /// Returns whether a filter selects it. A filter with text that is not understood selects nothing;
    /// validation lets none through.
    pub(crate) fn matches(&self, filter: &Filter) -> bool {
        filter.matches(self).unwrap_or(false)
    }

    /// Counts the bytes of its texts, the two names twice, as they are also the key of an index.
    pub(super) fn text_bytes(&self) -> usize {
        let Self { key, attributes, .. } = self;
        let texts = attributes.strings.iter().chain([&attributes.custom_content]).flatten();
        let names = key.product_id.len() + key.pic_name.len();
        2 * names + texts.map(String::len).sum::<usize>()
    }
}

impl filter::Attributes for StoredImage {
    fn integer(&self, field: IntegerField) -> Option<i64> {
        let parameter = field.description().parameter;
        let place = INTEGERS.iter().position(|name| *name == parameter)?;
        self.attributes.integers.get(place)?.map(i64::from)
    }

    fn string(&self, field: StringField) -> Option<&str> {
        let parameter = field.description().parameter;
        let place = STRINGS.iter().position(|name| *name == parameter)?;
        self.attributes.strings.get(place)?.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imagesearch_core::Filter;

    #[test]
    fn updates_keep_what_they_do_not_set() {
        let text = |text: &str| Some(text.to_owned());
        let mut attributes = Attributes {
            custom_content: text("old"),
            integers: [Some(1), None, None, None],
            strings: [None, None, None, text("four")],
        };
        attributes.update(&Attributes {
            custom_content: None,
            integers: [None, None, Some(-3), None],
            strings: [None, None, None, text("")],
        });
        assert_eq!(attributes.integers, [Some(1), None, Some(-3), None]);
        assert_eq!(attributes.strings.last(), Some(&text("")));
        assert_eq!(attributes.custom_content, text("old"));
    }

    #[test]
    fn filters_find_every_attribute() {
        let attributes = Attributes {
            custom_content: None,
            integers: [1, 2, 3, 4].map(Some),
            strings: ["1", "2", "3", "4"].map(|text| Some(text.to_owned())),
        };
        let image = StoredImage {
            key: ImageKey { product_id: "1".to_owned(), pic_name: "1".to_owned() },
            category: CategoryId::OTHER,
            region: None,
            attributes,
        };
        for text in [
            r#"int_attr=1 AND int_attr2=2 AND int_attr3=3 AND int_attr4=4"#,
            r#"str_attr="1" AND str_attr2="2" AND str_attr3="3" AND str_attr4="4""#,
        ] {
            assert_eq!(Filter::parse(text).unwrap().matches(&image), Some(true), "{text}");
        }
    }
}
