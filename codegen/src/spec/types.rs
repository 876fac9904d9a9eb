use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error};

use super::{At, Scalar};

/// The file `types.yaml` of a version.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Types {
    #[serde(default)]
    pub enums: Vec<Enumeration>,
    #[serde(default)]
    pub objects: Vec<Object>,
}

/// An enumeration that keeps values it does not know.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Enumeration {
    pub name: At<String>,
    pub repr: Representation,
    pub summary: At<String>,
    pub description: Option<String>,
    pub values: Vec<EnumerationValue>,
    pub source: Option<At<String>>,
    pub uncertain: Option<String>,
}

/// How an enumeration is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the name says it")]
pub enum Representation {
    String,
    Int32,
}

/// A known value of an enumeration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct EnumerationValue {
    pub value: At<Scalar>,
    pub variant: At<String>,
    pub summary: At<String>,
    pub source: Option<At<String>>,
    pub uncertain: Option<String>,
}

/// An object of the answers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Object {
    pub name: At<String>,
    pub summary: At<String>,
    pub description: Option<String>,
    pub fields: Vec<Field>,
    pub source: Option<At<String>>,
    pub uncertain: Option<String>,
}

/// A field of an answer or of an object in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Field {
    pub name: At<String>,
    #[serde(rename = "type")]
    pub kind: At<FieldType>,
    pub summary: At<String>,
    pub description: Option<String>,
    pub tolerate: Option<At<Tolerate>>,
    #[serde(default)]
    pub wire_aliases: Vec<At<String>>,
    pub deprecated: Option<String>,
    pub since: Option<String>,
    pub example: Option<At<Scalar>>,
    pub source: Option<At<String>>,
    pub uncertain: Option<String>,
}

impl Field {
    /// Lists the names that it comes under.
    pub fn wire_names(&self) -> impl Iterator<Item = &At<String>> {
        std::iter::once(&self.name).chain(&self.wire_aliases)
    }
}

/// Which other shape of a field has been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum Tolerate {
    FirstOfList,
    BareList,
}

/// What the value of a field is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum FieldType {
    String,
    Int32,
    Int64,
    Bool,
    Float,
    Double,
    TimestampString,
    TimestampNumber,
    Category,
    BoundingBox,
    SortExprValues,
    TaskIdString,
    TaskIdNumber,
    List(Box<FieldType>),
    Named(String),
}

impl FieldType {
    /// The words of the specification for types that are not in `types.yaml`.
    pub const WORDS: [(&'static str, Self); 13] = [
        ("string", Self::String),
        ("int32", Self::Int32),
        ("int64", Self::Int64),
        ("bool", Self::Bool),
        ("float", Self::Float),
        ("double", Self::Double),
        ("timestamp_string", Self::TimestampString),
        ("timestamp_number", Self::TimestampNumber),
        ("category", Self::Category),
        ("bounding_box", Self::BoundingBox),
        ("sort_expr_values", Self::SortExprValues),
        ("task_id_string", Self::TaskIdString),
        ("task_id_number", Self::TaskIdNumber),
    ];
}

impl FromStr for FieldType {
    type Err = InvalidFieldType;

    fn from_str(text: &str) -> Result<Self, InvalidFieldType> {
        if let Some(item) = text.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
            return match item.parse()? {
                Self::List(_) => Err(InvalidFieldType(text.to_owned())),
                item => Ok(Self::List(Box::new(item))),
            };
        }
        if let Some((_, word)) = Self::WORDS.into_iter().find(|(word, _)| *word == text) {
            return Ok(word);
        }
        let mut characters = text.chars();
        let capital = characters.next().is_some_and(|first| first.is_ascii_uppercase());
        if capital && characters.all(|next| next.is_ascii_alphanumeric()) {
            return Ok(Self::Named(text.to_owned()));
        }
        Err(InvalidFieldType(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for FieldType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Text that is not the type of a field.
#[derive(Debug)]
pub struct InvalidFieldType(String);

impl fmt::Display for InvalidFieldType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "unknown type `{}`", self.0)?;
        let words = FieldType::WORDS.iter().map(|(word, _)| *word);
        match crate::suggest::closest(&self.0, words) {
            Some(word) => write!(formatter, ", did you mean `{word}`?"),
            None => formatter.write_str(
                ", it is a word such as `string`, `list<T>` of one level, or a name of types.yaml",
            ),
        }
    }
}
