//! `seen.json`: what passed between the official SDKs and the emulator, committed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::coverage::{Coverage, Operation};
use crate::sdk::Sdk;

const FILE: &str = "seen.json";

/// What was seen, by the name of the SDK. An SDK that is not run keeps what it had.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    about: String,
    sdks: BTreeMap<String, OfSdk>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
struct OfSdk {
    package: String,
    operations: BTreeMap<String, Operation>,
}

impl Seen {
    /// Reads the file; without one, nothing was seen.
    pub(crate) fn read(sources: &Path) -> Outcome<Self> {
        match fs::read_to_string(sources.join(FILE)) {
            Ok(text) => Ok(serde_json::from_str(&text)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes what an SDK has shown; to check, it is compared with what the file has instead, if it has any.
    pub(crate) fn take(&mut self, sdk: Sdk, coverage: &Coverage, check: bool) -> Vec<String> {
        let fresh = OfSdk { package: sdk.package().to_owned(), operations: coverage.seen.clone() };
        if !check {
            self.sdks.insert(sdk.name().to_owned(), fresh);
            return Vec::new();
        }
        match self.sdks.get(sdk.name()) {
            Some(kept) if *kept == fresh => return Vec::new(),
            Some(_) => {}
            None => {
                println!("{FILE} has nothing of {} to compare with", sdk.name());
                return Vec::new();
            }
        }
        let advice = "run `cargo xtask conformance` and commit it";
        vec![format!("{}: {FILE} is not what was seen; {advice}", sdk.name())]
    }

    /// Writes the file.
    pub(crate) fn write(&mut self, sources: &Path) -> Outcome<()> {
        self.about = "Written by `cargo xtask conformance`: parameters sent, fields answered and \
                      codes refused with, by operation, between official SDKs and the emulator."
            .to_owned();
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        fs::write(sources.join(FILE), text)?;
        Ok(())
    }
}
