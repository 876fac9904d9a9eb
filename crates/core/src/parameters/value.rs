use std::{borrow::Cow, fmt};

use base64::prelude::{BASE64_STANDARD, Engine};

use crate::{
    filter::Filter,
    image::{Image, redact_url},
    operation::{ExampleValue, Kind},
    parameters::Picture,
    values::{BoundingBox, CategoryId, ScoreThreshold, TaskId},
};

/// The value of a parameter.
///
/// `Debug` shows URLs without query and user name, which may be secrets, and only the type of
/// pictures.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A string, sent unchanged.
    Text(String),
    /// A whole number, sent in decimal.
    Integer(i64),
    /// Sent as `true` or `false`.
    Boolean(bool),
    /// A decimal number, sent as Rust prints it.
    Decimal(f64),
    /// A filter, sent as `Display` writes it.
    Filter(Filter),
    /// A picture: uploaded, sent as Base64, or a URL.
    Image(Image),
    /// Pictures with their names, of 2018-01-20.
    Pictures(Vec<Picture>),
    /// The names of pictures, of 2018-01-20.
    Names(Vec<String>),
}

impl Value {
    /// Reads a text as a kind of value; a text that does not fit stays one, for validation to name.
    ///
    /// ```
    /// # use imagesearch_core::{operation::Kind, parameters::Value};
    ///
    /// assert_eq!(Value::parse(Kind::Integer32, "20"), Value::Integer(20));
    /// assert_eq!(Value::parse(Kind::Integer32, "many"), Value::Text("many".to_owned()));
    /// ```
    pub fn parse(kind: Kind, text: &str) -> Self {
        let parsed = match kind {
            Kind::Integer32 | Kind::Integer64 | Kind::Category | Kind::TaskId => {
                text.parse().ok().map(Self::Integer)
            }
            Kind::Boolean => text.parse().ok().map(Self::Boolean),
            Kind::Filter => Filter::parse(text).ok().map(Self::Filter),
            Kind::Image => Some(Self::Image(Image::from_url(text))),
            Kind::InlineImage => {
                let bytes = BASE64_STANDARD.decode(text).ok();
                bytes.map(|bytes| Self::Image(Image::from_bytes(bytes)))
            }
            Kind::String
            | Kind::BoundingBox
            | Kind::ScoreThreshold
            | Kind::Pictures
            | Kind::PictureNames => None,
        };
        parsed.unwrap_or_else(|| Self::Text(text.to_owned()))
    }

    /// Returns the whole number, also parsed from a text.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Returns the boolean, also from the texts `true` and `false`.
    pub fn as_boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(flag) => Some(*flag),
            Self::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Returns the picture.
    pub fn as_image(&self) -> Option<&Image> {
        match self {
            Self::Image(image) => Some(image),
            _ => None,
        }
    }

    /// Returns the text on the wire, or `None` for a picture that is not a URL.
    pub fn to_wire(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Boolean(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Self::Decimal(number) => Cow::Owned(number.to_string()),
            Self::Filter(filter) => Cow::Owned(filter.to_string()),
            Self::Image(image) => Cow::Borrowed(image.url()?),
            Self::Pictures(_) | Self::Names(_) => return None,
        })
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) if text.contains("://") => redact_url(text).fmt(formatter),
            Self::Text(text) => text.fmt(formatter),
            Self::Integer(number) => number.fmt(formatter),
            Self::Boolean(flag) => flag.fmt(formatter),
            Self::Decimal(number) => number.fmt(formatter),
            Self::Filter(filter) => filter.fmt(formatter),
            Self::Image(image) => image.fmt(formatter),
            Self::Pictures(pictures) => pictures.fmt(formatter),
            Self::Names(names) => names.fmt(formatter),
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Boolean(flag)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Decimal(number)
    }
}

impl From<Filter> for Value {
    fn from(filter: Filter) -> Self {
        Self::Filter(filter)
    }
}

impl From<Image> for Value {
    fn from(image: Image) -> Self {
        Self::Image(image)
    }
}

impl From<Vec<Picture>> for Value {
    fn from(pictures: Vec<Picture>) -> Self {
        Self::Pictures(pictures)
    }
}

impl From<Vec<String>> for Value {
    fn from(names: Vec<String>) -> Self {
        Self::Names(names)
    }
}

impl From<CategoryId> for Value {
    fn from(category: CategoryId) -> Self {
        Self::Integer(category.get().into())
    }
}

impl From<TaskId> for Value {
    fn from(task: TaskId) -> Self {
        Self::Integer(task.get())
    }
}

impl From<BoundingBox> for Value {
    fn from(region: BoundingBox) -> Self {
        Self::Text(region.to_string())
    }
}

impl From<ScoreThreshold> for Value {
    fn from(threshold: ScoreThreshold) -> Self {
        Self::Text(threshold.to_string())
    }
}

impl From<ExampleValue> for Value {
    fn from(example: ExampleValue) -> Self {
        match example {
            ExampleValue::Text(text) => Self::Text(text.to_owned()),
            ExampleValue::Integer(number) => Self::Integer(number),
            ExampleValue::Boolean(flag) => Self::Boolean(flag),
            ExampleValue::InlineImage(content) => Self::Image(inline_image(content)),
            ExampleValue::Pictures(pictures) => Self::Pictures(
                pictures
                    .iter()
                    .map(|(name, content)| Picture::new(*name, inline_image(content)))
                    .collect(),
            ),
            ExampleValue::Names(names) => {
                Self::Names(names.iter().map(|name| (*name).to_owned()).collect())
            }
        }
    }
}

/// Decodes a picture of an example; the generator has checked that it is Base64.
fn inline_image(content: &str) -> Image {
    Image::from_bytes(BASE64_STANDARD.decode(content).unwrap_or_default())
}
