use std::{fmt, str::FromStr};

use serde::Deserialize;

use super::{InvalidValue, text_form::text_form};

/// A box in a picture, in pixels, written `x1,x2,y1,y2` on the wire.
///
/// Note the order: both x first, then both y.
///
/// ```
/// # use imagesearch_core::values::BoundingBox;
/// let subject = BoundingBox::new(280, 486, 232, 351)?;
/// assert_eq!(subject.to_string(), "280,486,232,351");
/// assert_eq!((subject.width(), subject.height()), (206, 119));
/// assert_eq!("280,486,232,351".parse(), Ok(subject));
/// assert!(BoundingBox::new(486, 280, 232, 351).is_err());
/// # Ok::<(), imagesearch_core::values::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct BoundingBox {
    x1: u32,
    x2: u32,
    y1: u32,
    y2: u32,
}

impl BoundingBox {
    /// Creates a box from the left, right, upper and lower edge.
    ///
    /// # Errors
    ///
    /// The left edge is not left of the right one, or the upper one not above the lower.
    pub fn new(x1: u32, x2: u32, y1: u32, y2: u32) -> Result<Self, InvalidValue> {
        if x1 >= x2 || y1 >= y2 {
            return Err(InvalidValue::new(format!(
                "box `{x1},{x2},{y1},{y2}` must have x1 < x2 and y1 < y2; the order is x1,x2,y1,y2"
            )));
        }
        Ok(Self { x1, x2, y1, y2 })
    }

    /// Returns the left edge.
    pub const fn x1(self) -> u32 {
        self.x1
    }

    /// Returns the right edge.
    pub const fn x2(self) -> u32 {
        self.x2
    }

    /// Returns the upper edge.
    pub const fn y1(self) -> u32 {
        self.y1
    }

    /// Returns the lower edge.
    pub const fn y2(self) -> u32 {
        self.y2
    }

    /// Returns the width in pixels.
    pub const fn width(self) -> u32 {
        self.x2 - self.x1
    }

    /// Returns the height in pixels.
    pub const fn height(self) -> u32 {
        self.y2 - self.y1
    }
}

impl FromStr for BoundingBox {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || {
            InvalidValue::new(format!(
                "box must be four whole numbers `x1,x2,y1,y2` in pixels, not `{text}`"
            ))
        };
        let mut edges = text.split(',').map(|edge| edge.trim().parse::<u32>());
        let mut edge = || edges.next().and_then(Result::ok).ok_or_else(malformed);
        let (x1, x2, y1, y2) = (edge()?, edge()?, edge()?, edge()?);
        if edges.next().is_some() {
            return Err(malformed());
        }
        Self::new(x1, x2, y1, y2)
    }
}

text_form!(BoundingBox);

impl fmt::Display for BoundingBox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{},{},{},{}", self.x1, self.x2, self.y1, self.y2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_the_text_of_the_wire() {
        let subject = BoundingBox::new(280, 486, 232, 351).unwrap();
        let json = serde_json::to_string(&subject).unwrap();
        assert_eq!(json, r#""280,486,232,351""#);
        assert_eq!(serde_json::from_str::<BoundingBox>(&json).unwrap(), subject);
        for wrong in [r#""486,280,232,351""#, r#""280,486""#, "280"] {
            assert!(serde_json::from_str::<BoundingBox>(wrong).is_err(), "{wrong}");
        }
    }
}
