//! Enumerations that keep unknown values.
//!
//! The generated enumerations are plain data: variants and their documentation. The macros add the
//! conversions, which never fail: an unknown value becomes `Other`.

/// Adds conversions to an enumeration of strings whose last variant is `Other(String)`.
macro_rules! string_enum {
    ($name:ident, [$(($variant:ident, $wire:literal)),* $(,)?]) => {
        impl $name {
            /// Every value that this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($wire => Self::$variant,)*
                    _ => Self::Other(text),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(from).map(Self::from)
            }
        }
    };
}

/// Adds conversions to an enumeration of numbers whose last variant is `Other(i32)`.
macro_rules! number_enum {
    ($name:ident, [$(($variant:ident, $wire:literal)),* $(,)?]) => {
        impl $name {
            /// Every value that this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value on the wire.
            pub const fn value(self) -> i32 {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Other(number) => number,
                }
            }
        }

        impl From<i32> for $name {
            fn from(number: i32) -> Self {
                match number {
                    $($wire => Self::$variant,)*
                    _ => Self::Other(number),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => formatter.pad(stringify!($variant)),)*
                    Self::Other(number) => number.fmt(formatter),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_i32(self.value())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <i32 as serde::Deserialize>::deserialize(from).map(Self::from)
            }
        }
    };
}

pub(crate) use {number_enum, string_enum};

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macros make public types")]
mod tests {
    #[derive(Clone, Debug, PartialEq, Eq)]
    enum Colour {
        Red,
        LightBlue,
        Other(String),
    }

    string_enum!(Colour, [(Red, "RED"), (LightBlue, "Light.Blue")]);

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Size {
        Small,
        Large,
        Other(i32),
    }

    number_enum!(Size, [(Small, 0), (Large, 7)]);

    #[test]
    fn strings_go_in_and_out_unchanged() {
        let other = Colour::Other("red".to_owned());
        for (text, colour) in
            [("RED", Colour::Red), ("Light.Blue", Colour::LightBlue), ("red", other)]
        {
            assert_eq!(Colour::from(text), colour);
            assert_eq!(Colour::from(text.to_owned()), colour);
            assert_eq!(colour.as_str(), text);
            assert_eq!(colour.to_string(), text);
            let json = serde_json::to_string(&colour).expect("strings are JSON");
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Colour>(&json).expect("is a string"), colour);
        }
        assert_eq!(Colour::KNOWN, [Colour::Red, Colour::LightBlue]);
    }

    #[test]
    fn numbers_go_in_and_out_unchanged() {
        for (number, size, shown) in
            [(0, Size::Small, "Small"), (7, Size::Large, "Large"), (-3, Size::Other(-3), "-3")]
        {
            assert_eq!(Size::from(number), size);
            assert_eq!(size.value(), number);
            assert_eq!(size.to_string(), shown);
            let json = serde_json::to_string(&size).expect("numbers are JSON");
            assert_eq!(json, number.to_string());
            assert_eq!(serde_json::from_str::<Size>(&json).expect("is a number"), size);
        }
        assert_eq!(Size::KNOWN, [Size::Small, Size::Large]);
    }
}
