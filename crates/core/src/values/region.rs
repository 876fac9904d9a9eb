use std::{borrow::Cow, fmt, str::FromStr};

use serde::Deserialize;

use super::{InvalidValue, text_form::text_form};

/// A region of Alibaba Cloud, such as `cn-shanghai`.
///
/// The known regions are constants. Other well-formed names are allowed, since regions are added;
/// if the host cannot be resolved, the error suggests a known region.
///
/// ```
/// # use imagesearch_core::Region;
/// assert_eq!("cn-shanghai".parse(), Ok(Region::CN_SHANGHAI));
/// let error = "https://imagesearch.cn-shanghai.aliyuncs.com".parse::<Region>().unwrap_err();
/// assert!(error.to_string().contains("endpoint"));
/// ```
///
/// In configuration files it is the region's name; anything else is an error of deserialization.
///
/// ```
/// # use imagesearch_core::Region;
/// let region: Region = serde_json::from_str(r#""cn-shanghai""#)?;
/// assert_eq!(region, Region::CN_SHANGHAI);
/// assert_eq!(serde_json::to_string(&region)?, r#""cn-shanghai""#);
/// assert!(serde_json::from_str::<Region>(r#""Shanghai""#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Region(Cow<'static, str>);

impl Region {
    pub(crate) const fn from_static(id: &'static str) -> Self {
        Self(Cow::Borrowed(id))
    }

    /// Returns the region's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Region {
    type Err = InvalidValue;

    /// Parses a region's name.
    ///
    /// # Errors
    ///
    /// The text is empty, a URL or host name, or has characters that no region has.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |advice: &str| {
            Err(InvalidValue::new(format!(
                "region must be a name such as `cn-shanghai`, not `{}`; {advice}",
                text.escape_default()
            )))
        };
        if text.contains(['/', ':', '.']) {
            return refuse("use the endpoint option for a host or URL");
        }
        let well_formed =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.is_empty() || text.len() > 63 || !text.bytes().all(well_formed) {
            return refuse("use lower-case letters, digits and hyphens, without blanks");
        }
        if text.starts_with('-') || text.ends_with('-') {
            return refuse("a hyphen cannot be its first or last character");
        }
        Ok(Self(Cow::Owned(text.to_owned())))
    }
}

text_form!(Region);

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
