use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

use super::{Entries, Scalar};

/// A value of a worked example, as it is written in the file.
#[derive(Clone, Debug)]
pub enum ExampleValue {
    /// A string, a whole number or a truth value.
    Scalar(Scalar),
    /// Pictures in Base64, by name.
    Pictures(Entries<String>),
    /// The names of pictures.
    Names(Vec<String>),
}

impl ExampleValue {
    /// Returns the value where it is neither pictures nor names.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match self {
            Self::Scalar(scalar) => Some(scalar),
            Self::Pictures(_) | Self::Names(_) => None,
        }
    }
}

impl<'de> Deserialize<'de> for ExampleValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ExampleValues;

        impl<'de> Visitor<'de> for ExampleValues {
            type Value = ExampleValue;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(
                    "a string, a whole number, `true`, `false`, a list of names or `{name: base64}`",
                )
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<ExampleValue, E> {
                Scalar::deserialize(text.into_deserializer()).map(ExampleValue::Scalar)
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<ExampleValue, E> {
                Scalar::deserialize(number.into_deserializer()).map(ExampleValue::Scalar)
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<ExampleValue, E> {
                Scalar::deserialize(number.into_deserializer()).map(ExampleValue::Scalar)
            }

            fn visit_bool<E: Error>(self, truth: bool) -> Result<ExampleValue, E> {
                Scalar::deserialize(truth.into_deserializer()).map(ExampleValue::Scalar)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<ExampleValue, A::Error> {
                let list = SeqAccessDeserializer::new(list);
                Vec::deserialize(list).map(ExampleValue::Names)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ExampleValue, A::Error> {
                let map = MapAccessDeserializer::new(map);
                Entries::deserialize(map).map(ExampleValue::Pictures)
            }
        }

        deserializer.deserialize_any(ExampleValues)
    }
}
