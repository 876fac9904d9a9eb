use serde::Deserialize;

use super::{At, Entries};

/// The file `emulator.yaml`: how much of the specification the emulator keeps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Emulator {
    pub operations: Entries<Served>,
    pub gateway: Answered,
    pub uploads: Vec<UploadError>,
    #[serde(default)]
    pub unanswered: Vec<Unanswered>,
    pub otherwise_unanswered: String,
    pub quotas: String,
    #[serde(default)]
    pub assumptions: Vec<String>,
}

/// What one operation comes to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Served {
    pub outcome: Option<At<String>>,
    #[serde(default)]
    pub answers: Vec<At<String>>,
}

/// The codes that are answered.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Answered {
    #[serde(default)]
    pub answers: Vec<At<String>>,
}

/// Codes that are never answered, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Unanswered {
    pub reason: String,
    pub codes: Vec<At<String>>,
}

/// An error code of the object storage, which refuses uploads.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct UploadError {
    pub code: String,
    pub http: u16,
    pub when: String,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// The file `tests/conformance/seen.json`: what passed between official SDKs and the emulator.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "tests/conformance/README.md explains the file")]
pub struct Seen {
    pub about: String,
    pub sdks: Entries<SeenSdk>,
}

/// What one SDK has shown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "tests/conformance/README.md explains the file")]
pub struct SeenSdk {
    pub package: String,
    pub operations: Entries<SeenOperation>,
}

/// What was seen of one operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "tests/conformance/README.md explains the file")]
pub struct SeenOperation {
    pub parameters: Vec<String>,
    pub fields: Vec<String>,
    pub codes: Vec<String>,
}
