use std::{ffi::OsString, fmt};

use clap::ValueEnum;

/// The value of `--api-version`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ApiVersion {
    /// AddItem, SearchItem and DeleteItem
    #[value(name = "2018-01-20")]
    V2018,
    /// AddImage, SearchImage and DeleteImage
    #[value(name = "2019-03-25")]
    V2019,
    /// All others
    #[default]
    #[value(name = "2020-12-14")]
    V2020,
}

impl ApiVersion {
    /// Returns the version as sent to the service.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V2018 => "2018-01-20",
            Self::V2019 => "2019-03-25",
            Self::V2020 => imagesearch_core::API_VERSION,
        }
    }

    /// Finds `--api-version` in the arguments. Returns the default if it is absent or invalid.
    ///
    /// The operations of `call` are subcommands and depend on the version, so it must be known
    /// before the parser is built. The parser then rejects an invalid version.
    pub(super) fn find(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let mut arguments = arguments.into_iter().filter_map(|it| it.into_string().ok());
        while let Some(argument) = arguments.next() {
            let value = match argument.strip_prefix("--api-version") {
                _ if argument == "--" => break,
                Some("") => arguments.next(),
                Some(rest) => rest.strip_prefix('=').map(str::to_owned),
                None => None,
            };
            if let Some(version) = value.and_then(|it| Self::from_str(&it, false).ok()) {
                return version;
            }
        }
        Self::default()
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_before_and_after_the_operation() {
        for (line, version) in [
            ("call AddImage", ApiVersion::V2020),
            ("call --api-version 2019-03-25 AddImage", ApiVersion::V2019),
            ("call AddItem --api-version=2018-01-20", ApiVersion::V2018),
            ("call AddImage --api-version 2017-01-01", ApiVersion::V2020),
            ("call AddImage -- --api-version 2018-01-20", ApiVersion::V2020),
            ("call AddImage --api-version", ApiVersion::V2020),
        ] {
            let found = ApiVersion::find(line.split(' ').map(OsString::from));
            assert_eq!(found, version, "{line}");
            assert_eq!(ApiVersion::from_str(&version.to_string(), false), Ok(version));
        }
    }
}
