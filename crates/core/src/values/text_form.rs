//! Values that are text in files and on the command line.

/// Adds conversions from text, and `Serialize`, to a type with `FromStr` and `Display`.
///
/// For the other direction it derives `Deserialize` with `#[serde(try_from = "String")]`.
macro_rules! text_form {
    ($name:ident) => {
        impl TryFrom<&str> for $name {
            type Error = $crate::values::InvalidValue;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::values::InvalidValue;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
    };
}

pub(crate) use text_form;
