//! The keys that calls may be signed with, and whether signatures are checked.

use std::fmt;

/// Whether signatures are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// Checks key, signature, timestamp and nonce of every call, as the service does.
    #[default]
    Strict,
    /// Checks like [`Strict`](Self::Strict) and logs failures, but serves every call.
    Lax,
    /// Serves every call, signed or not.
    Off,
}

/// An access key that calls may be signed with.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// The required security token, for temporary credentials.
    pub(crate) token: Option<String>,
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Account")
            .field("id", &self.id)
            .field("secret", &"[hidden]")
            .field("token", &self.token.as_ref().map(|_| "[hidden]"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_an_account_shows_no_secret() {
        let account = Account {
            id: "id".to_owned(),
            secret: "hush".to_owned(),
            token: Some("whisper".to_owned()),
        };
        let shown = format!("{account:?}");
        assert!(!shown.contains("hush") && !shown.contains("whisper"), "{shown}");
    }
}
