use serde::Deserialize;

use super::At;

/// The file `image-limits.yaml`: what a picture may be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct ImageLimits {
    pub max_bytes: MaxBytes,
    pub formats: Formats,
    pub orientation: Orientation,
    pub default: Sides,
    pub error: At<String>,
    #[serde(default)]
    pub service_types: Vec<ServiceTypeSides>,
    pub source: Option<At<String>>,
    pub uncertain: Option<String>,
}

/// The largest file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct MaxBytes {
    pub value: At<u32>,
    pub error: At<String>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// The accepted formats.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Formats {
    pub values: Vec<At<String>>,
    pub error: At<String>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// Whether a turned picture is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Orientation {
    pub refused: bool,
    pub error: At<String>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// The bounds of width and height, both inclusive.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Sides {
    pub min_side: At<u32>,
    pub max_side: At<u32>,
    pub source: Option<At<String>>,
    pub uncertain: Option<String>,
}

/// The bounds of one service type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct ServiceTypeSides {
    #[serde(rename = "type")]
    pub kind: At<String>,
    pub min_side: At<u32>,
    pub max_side: At<u32>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}
