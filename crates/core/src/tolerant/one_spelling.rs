use serde::{Deserializer, de::Visitor, forward_to_deserialize_any};
use serde_json::{Error, Map, Value};

use crate::generated::spellings::SPELLINGS;

/// A value whose fields have a single name each.
///
/// If a response has a field under two of its names, serde would refuse all of it as a duplicate.
pub(super) struct OneSpelling(pub(super) Value);

impl<'de> Deserializer<'de> for OneSpelling {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut value = self.0;
        if let Value::Object(object) = &mut value {
            // Two names belong to one field only if the type knows both.
            let known = |names: &&&[&str]| names.iter().all(|name| fields.contains(name));
            SPELLINGS.iter().filter(known).for_each(|names| keep_one(object, names));
        }
        value.deserialize_struct(name, fields, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// Keeps the first name that has a value.
fn keep_one(object: &mut Map<String, Value>, names: &[&str]) {
    let mut found = false;
    for name in names {
        if found || object.get(*name).is_some_and(Value::is_null) {
            object.remove(*name);
        }
        found |= object.contains_key(*name);
    }
}
