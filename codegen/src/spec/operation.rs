use serde::Deserialize;

use super::{At, Enforce, Entries, ExampleValue, Field, Parameter, Scalar};

/// One file of `operations/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Operation {
    pub name: At<String>,
    pub summary: At<String>,
    pub description: Option<String>,
    pub documentation: At<String>,
    pub since: Option<String>,
    pub method: Method,
    pub path: Option<At<String>>,
    #[serde(default)]
    pub replaced_by: Vec<At<String>>,
    pub access: Access,
    pub ram_action: At<String>,
    pub idempotency: Idempotency,
    pub quota: Quota,
    pub uncertain: Option<String>,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    #[serde(default)]
    pub rules: Vec<At<Rule>>,
    pub filter: Option<At<FilterOperators>>,
    #[serde(default)]
    pub constructors: Vec<Constructor>,
    pub paging: Option<At<Paging>>,
    #[serde(default)]
    pub response: Vec<Field>,
    #[serde(default)]
    pub errors: Vec<At<String>>,
    pub example: Example,
}

impl Operation {
    /// Returns whether each call starts a task.
    pub fn starts_task(&self) -> bool {
        self.quota.group == QuotaGroup::Task && self.access == Access::Write
    }
}

/// The HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the name says it")]
pub enum Method {
    Get,
    Post,
}

/// Whether an operation changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the name says it")]
pub enum Access {
    Read,
    Write,
}

/// Whether sending a request twice has the effect of sending it once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Idempotency {
    pub class: IdempotencyClass,
    pub reason: String,
    pub source: At<String>,
}

/// The answer to whether an operation is idempotent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the name says it")]
pub enum IdempotencyClass {
    Idempotent,
    NotIdempotent,
}

/// The rate limit of an operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Quota {
    pub group: QuotaGroup,
    pub per_second: Option<u32>,
    #[serde(default)]
    pub by_plan: Vec<At<u32>>,
    pub text: At<String>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// Operations that share a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the name says it")]
pub enum QuotaGroup {
    Search,
    Add,
    Update,
    Delete,
    Describe,
    Task,
}

/// A rule across parameters; exactly one of the two kinds is there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Rule {
    pub sum_at_most: Option<SumAtMost>,
    pub required_if: Option<RequiredIf>,
    pub enforce: Enforce,
    pub error: Option<At<String>>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// An upper bound of a sum.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct SumAtMost {
    pub parameters: Entries<i64>,
    pub limit: i64,
}

/// A parameter that a condition makes required.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct RequiredIf {
    pub parameter: At<String>,
    pub when: Option<At<Entries<Scalar>>>,
    pub unless: Option<At<Entries<Scalar>>>,
}

/// What the filter of an operation may use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct FilterOperators {
    pub integer: Vec<At<Operator>>,
    pub string: Vec<At<Operator>>,
    pub source: At<String>,
    pub uncertain: Option<String>,
}

/// An operator of the filter language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the renamed value says it")]
pub enum Operator {
    #[serde(rename = "in")]
    In,
    #[serde(rename = "not in")]
    NotIn,
    #[serde(rename = ">")]
    Greater,
    #[serde(rename = ">=")]
    GreaterOrEqual,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = "<=")]
    LessOrEqual,
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "!=")]
    NotEqual,
}

/// One way to start a request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Constructor {
    pub name: At<String>,
    pub summary: At<String>,
    #[serde(default)]
    pub parameters: Vec<At<String>>,
    #[serde(default)]
    pub set: Entries<Scalar>,
    #[serde(default)]
    pub waives: Vec<At<String>>,
}

/// How an operation pages; exactly one of the two kinds is there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Paging {
    pub offset: Option<OffsetPaging>,
    pub number: Option<NumberPaging>,
    pub items: At<String>,
}

/// Paging by the offset of the first row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct OffsetPaging {
    pub start: At<String>,
    pub size: At<String>,
    pub default_size: u32,
    pub window: u32,
}

/// Paging by the number of the page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct NumberPaging {
    pub page: At<String>,
    pub size: At<String>,
    pub default_size: u32,
    pub last_page: Option<u32>,
}

/// A worked example.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "api-spec/README.md explains every key")]
pub struct Example {
    #[serde(default)]
    pub parameters: Entries<ExampleValue>,
    #[serde(default)]
    pub query: Entries<String>,
    #[serde(default)]
    pub form: Entries<String>,
    pub caret: Option<At<String>>,
    pub response: At<String>,
    pub reads: Vec<At<String>>,
}
