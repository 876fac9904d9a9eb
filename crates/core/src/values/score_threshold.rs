use std::{fmt, str::FromStr};

use super::InvalidValue;

/// The minimum similarity of a hit, from 0.00 to 1.00 with two decimals.
///
/// ```
/// # use imagesearch_core::values::ScoreThreshold;
/// let threshold = ScoreThreshold::new(0.5)?;
/// assert_eq!(threshold.to_string(), "0.50");
/// assert!(ScoreThreshold::new(1.01).is_err());
/// assert!("0.505".parse::<ScoreThreshold>().is_err());
/// # Ok::<(), imagesearch_core::values::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScoreThreshold {
    hundredths: u8,
}

impl ScoreThreshold {
    /// Creates a threshold from a number from 0 to 1, rounded to two decimals.
    ///
    /// # Errors
    ///
    /// The number is below 0, above 1 or not a number.
    pub fn new(threshold: f64) -> Result<Self, InvalidValue> {
        if !(0.0..=1.0).contains(&threshold) {
            return Err(out_of_range(&threshold.to_string()));
        }
        // In range by the check above, so the cast is exact after rounding.
        Ok(Self { hundredths: (threshold * 100.0).round() as u8 })
    }

    /// Creates a threshold from hundredths, from 0 to 100.
    ///
    /// # Errors
    ///
    /// The number is above 100.
    pub fn from_hundredths(hundredths: u8) -> Result<Self, InvalidValue> {
        if hundredths > 100 {
            return Err(out_of_range(&format!("{hundredths} hundredths")));
        }
        Ok(Self { hundredths })
    }

    /// Returns the threshold as a number.
    pub fn get(self) -> f64 {
        f64::from(self.hundredths) / 100.0
    }
}

impl FromStr for ScoreThreshold {
    type Err = InvalidValue;

    /// Parses a plain decimal such as `0.5`, without sign, exponent or a third decimal.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(decimals) || decimals.len() > 2 {
            return Err(out_of_range(text));
        }
        text.parse().map_err(|_| out_of_range(text)).and_then(Self::new)
    }
}

impl fmt::Display for ScoreThreshold {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{:02}", self.hundredths / 100, self.hundredths % 100)
    }
}

fn out_of_range(given: &str) -> InvalidValue {
    InvalidValue::new(format!(
        "score threshold must be a decimal from 0.00 to 1.00 with at most two decimals, not `{given}`"
    ))
}
