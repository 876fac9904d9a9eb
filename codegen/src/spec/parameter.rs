use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{At, ExampleValue, Scalar};

/// One parameter of an operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Parameter {
    pub name: At<String>,
    #[serde(rename = "in")]
    pub location: At<Place>,
    pub scope: Option<Scope>,
    #[serde(rename = "type")]
    pub kind: At<ParameterType>,
    pub required: At<Required>,
    pub summary: At<String>,
    pub description: Option<String>,
    pub missing_error: Option<At<String>>,
    pub invalid_error: Option<At<String>>,
    pub not_found_error: Option<At<String>>,
    pub default: Option<At<Scalar>>,
    pub always_sent: Option<At<bool>>,
    pub since: Option<String>,
    #[serde(default)]
    pub sensitive: bool,
    pub example: Option<At<ExampleValue>>,
    pub source: At<String>,
    pub uncertain: Option<String>,
    #[serde(default)]
    pub limits: Vec<At<Limit>>,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum Place {
    Query,
    Form,
    Caret,
}

/// Who supplies a parameter, if not the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum Scope {
    Instance,
}

/// What the value of a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum ParameterType {
    String,
    Int32,
    Int64,
    Bool,
    Filter,
    Image,
    InlineImage,
    Pictures,
    PictureNames,
    Category,
    BoundingBox,
    ScoreThreshold,
    TaskId,
}

impl ParameterType {
    /// Returns whether values are whole numbers.
    pub fn is_integer(self) -> bool {
        matches!(self, Self::Int32 | Self::Int64 | Self::Category | Self::TaskId)
    }

    /// Returns whether values have a length that a request fixes.
    pub fn is_text(self) -> bool {
        matches!(self, Self::String | Self::Filter)
    }

    /// Returns whether values are pictures.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Image | Self::InlineImage | Self::Pictures)
    }

    /// Returns whether values are lists.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Pictures | Self::PictureNames)
    }
}

/// Whether a request must have a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Required {
    /// It must.
    Always,
    /// It need not.
    No,
    /// It must under a condition, here in words.
    When(String),
}

impl<'de> Deserialize<'de> for Required {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Condition {
            when: String,
        }

        struct Requirements;

        impl<'de> Visitor<'de> for Requirements {
            type Value = Required;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("`true`, `false` or `{when: the condition in words}`")
            }

            fn visit_bool<E: Error>(self, required: bool) -> Result<Required, E> {
                Ok(if required { Required::Always } else { Required::No })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Required, A::Error> {
                let condition = Condition::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Required::When(condition.when))
            }
        }

        deserializer.deserialize_any(Requirements)
    }
}

/// One thing that is checked of a value; exactly one of the checks is there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Limit {
    pub min: Option<At<i64>>,
    pub max: Option<At<i64>>,
    pub min_length: Option<At<u32>>,
    pub max_length: Option<At<u32>>,
    pub min_items: Option<At<u32>>,
    pub one_of: Option<At<Vec<At<Scalar>>>>,
    pub format: Option<At<Format>>,
    pub forbidden_characters: Option<At<String>>,
    pub enforce: Option<Enforce>,
    pub error: Option<At<String>>,
    pub source: Option<At<String>>,
    pub uncertain: Option<String>,
}

/// The form that a text must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum Format {
    Ascii,
    Folder,
    HttpUrl,
}

impl Format {
    /// Returns the form in words that complete "a text that".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Ascii => "has only ASCII characters",
            Self::Folder => "starts with a slash and does not end with one",
            Self::HttpUrl => "starts with http:// or https://",
        }
    }
}

/// What breaking a limit or a rule leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum Enforce {
    Reject,
    Document,
}
