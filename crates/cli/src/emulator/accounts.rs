//! The accepted access keys.

use std::{fs, path::Path};

use imagesearch_emulator::{Emulator, EmulatorBuilder};
use serde::Deserialize;

use crate::exit::Failure;

/// A key of the file, permanent or, with a token, temporary.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    access_key_id: String,
    access_key_secret: String,
    security_token: Option<String>,
}

impl Account {
    /// Reads a file of accounts, which must have at least one.
    pub(super) fn list(file: &Path) -> Result<Vec<Self>, Failure> {
        let refuse = |reason: &dyn std::fmt::Display| {
            Failure::usage(format!("--accounts {}: {reason}", file.display()))
        };
        let text = fs::read_to_string(file).map_err(|error| refuse(&error))?;
        // The parser's own message is not shown: it may repeat a misplaced secret.
        let accounts: Vec<Self> = serde_json::from_str(&text).map_err(|error| {
            refuse(&format_args!(
                "line {}, column {}: it must be a JSON array of objects with access_key_id, \
                 access_key_secret and, for temporary keys, security_token",
                error.line(),
                error.column()
            ))
        })?;
        if accounts.is_empty() {
            return Err(refuse(&"there must be at least one account"));
        }
        if accounts.iter().any(|it| it.access_key_id.is_empty() || it.access_key_secret.is_empty())
        {
            return Err(refuse(&"access_key_id and access_key_secret must not be empty"));
        }
        Ok(accounts)
    }

    /// Returns the well-known account.
    pub(super) fn well_known() -> Self {
        Self {
            access_key_id: Emulator::ACCESS_KEY_ID.to_owned(),
            access_key_secret: Emulator::ACCESS_KEY_SECRET.to_owned(),
            security_token: None,
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.access_key_id
    }

    pub(super) fn add_to(&self, builder: EmulatorBuilder) -> EmulatorBuilder {
        match &self.security_token {
            Some(token) => builder.sts_account(&self.access_key_id, &self.access_key_secret, token),
            None => builder.account(&self.access_key_id, &self.access_key_secret),
        }
    }
}
