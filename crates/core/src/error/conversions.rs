//! Conversions from errors of values, for `?` in functions that return [`Error`].

use super::{Error, ErrorKind};
use crate::{filter::FilterError, image::InspectError, values::InvalidValue};

impl From<FilterError> for Error {
    /// Converts the error, which becomes the [`source`](std::error::Error::source).
    ///
    /// ```
    /// # use imagesearch_core::{Error, ErrorKind, Filter, requests::SearchImageByFilterRequest};
    /// fn reds(filter: &str) -> Result<SearchImageByFilterRequest, Error> {
    ///     Ok(SearchImageByFilterRequest::new(Filter::parse(filter)?).num(20))
    /// }
    ///
    /// assert!(reds(r#"str_attr="red""#).is_ok());
    /// assert_eq!(reds("str_attr=red").unwrap_err().kind(), ErrorKind::Invalid);
    /// ```
    fn from(error: FilterError) -> Self {
        Self::new(ErrorKind::Invalid, "could not parse the filter").with_source(error)
    }
}

impl From<InvalidValue> for Error {
    /// Converts the message.
    ///
    /// ```
    /// # use imagesearch_core::{Error, ErrorKind, values::ScoreThreshold};
    /// fn threshold() -> Result<ScoreThreshold, Error> {
    ///     Ok(ScoreThreshold::new(1.5)?)
    /// }
    ///
    /// let error = threshold().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Invalid);
    /// assert!(error.to_string().contains("0.00 to 1.00"));
    /// ```
    fn from(error: InvalidValue) -> Self {
        Self::new(ErrorKind::Invalid, error.to_string())
    }
}

impl From<InspectError> for Error {
    /// Converts the reason why a picture's header cannot be read.
    ///
    /// ```
    /// # use imagesearch_core::{Error, ErrorKind, image};
    /// fn width(picture: &[u8]) -> Result<u32, Error> {
    ///     Ok(image::inspect(picture)?.width)
    /// }
    ///
    /// assert_eq!(width(b"P6 640 480 255\n").ok(), Some(640));
    /// assert_eq!(width(b"<html>").unwrap_err().kind(), ErrorKind::Invalid);
    /// ```
    fn from(error: InspectError) -> Self {
        Self::new(ErrorKind::Invalid, "could not read the picture").with_source(error)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::filter::Filter;

    #[test]
    fn the_mistake_in_a_filter_stays_at_hand() {
        let mistake = Filter::parse("int_attr == 1").unwrap_err();
        let error = Error::from(mistake.clone());
        let source = error.source().and_then(|it| it.downcast_ref::<FilterError>());
        assert_eq!(source, Some(&mistake));
        assert!(!error.is_retryable() && !error.may_have_been_applied());
    }
}
