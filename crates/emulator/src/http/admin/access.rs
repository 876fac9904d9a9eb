//! To whom the admin API is open.

use std::fmt;
use std::io;
use std::net::IpAddr;

use crate::http::random::random_hex;

/// Says to whom the admin API is open.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) enum Access {
    /// To every program on this machine.
    #[default]
    Open,
    /// To those who have the token.
    Token(String),
    /// To nobody.
    Off,
}

impl Access {
    /// Creates the access that an emulator has which listens on an address: one that others reach wants
    /// a token, which is drawn if there is none. A token that no header can hold gives `None`.
    pub(crate) fn ready(self, address: IpAddr) -> io::Result<Option<Self>> {
        Ok(match self {
            Self::Token(token) if token.is_empty() || !is_visible(&token) => None,
            Self::Open if !address.is_loopback() => Some(Self::Token(random_hex()?)),
            access => Some(access),
        })
    }

    pub(crate) fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    /// Returns the token that must be sent.
    pub(crate) fn token(&self) -> Option<&str> {
        match self {
            Self::Token(token) => Some(token),
            Self::Open | Self::Off => None,
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Open => "Open",
            Self::Token(_) => "Token([hidden])",
            Self::Off => "Off",
        })
    }
}

fn is_visible(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_show_the_token() {
        assert_eq!(format!("{:?}", Access::Token("hush".to_owned())), "Token([hidden])");
    }
}
