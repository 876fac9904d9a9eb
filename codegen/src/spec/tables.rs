use serde::Deserialize;

use super::{At, Entries};

/// The file `sources.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Sources {
    pub sources: Entries<Source>,
}

/// Where facts come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Source {
    pub title: String,
    pub date: Option<String>,
    pub url: Option<String>,
}

/// The file `regions.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Regions {
    pub regions: Vec<Region>,
}

/// One region.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Region {
    pub id: At<String>,
    pub name: String,
    pub constant: At<String>,
    pub public_host: At<String>,
    pub vpc_host: At<String>,
    pub upload_bucket: Option<At<String>>,
    pub upload_host: Option<At<String>>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// The file `categories.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Categories {
    pub categories: Vec<Category>,
}

/// One category of the product service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Category {
    pub id: At<i32>,
    pub name: String,
    pub constant: At<String>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// The files `gateway-errors.yaml` and `<version>/errors.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Errors {
    pub errors: Vec<ErrorCode>,
}

/// One error code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct ErrorCode {
    pub code: At<String>,
    pub about: About,
    #[serde(default)]
    pub http: Vec<At<u16>>,
    #[serde(default)]
    pub messages: Vec<String>,
    pub meaning: At<String>,
    pub advice: At<String>,
    pub retry: Retry,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// What an error code is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum About {
    Capacity,
    Task,
    Picture,
    Parameter,
    Instance,
    Caller,
    Rate,
    Service,
}

/// Whether another attempt can help, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum Retry {
    Never,
    Transient,
    Throttle,
    NewNonce,
    Clock,
    Credentials,
}

/// The file `<version>/service.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Service {
    pub product: At<String>,
    pub version: At<String>,
    pub style: Style,
    pub host_prefix: At<String>,
    pub documentation: String,
    pub open_platform_host: Option<String>,
    pub ram_resource: RamResource,
    pub summary: At<String>,
    pub description: Option<String>,
    pub source: Option<At<String>>,
    pub uncertain: Option<String>,
}

/// The resource that the RAM actions of a version are granted on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct RamResource {
    pub arn: At<String>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// How operations of a version are addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "api-spec/README.md explains every value")]
pub enum Style {
    Rpc,
    Roa,
}

/// The file `<version>/filter.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Filter {
    pub fields: Vec<FilterField>,
}

/// A field of the filter language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct FilterField {
    pub name: At<String>,
    pub camel_name: At<String>,
    pub parameter: At<String>,
    pub kind: FilterKind,
    pub source: At<String>,
    pub since: Option<String>,
    pub uncertain: Option<String>,
}

/// What a field of the filter language holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the name says it")]
pub enum FilterKind {
    Integer,
    String,
}
