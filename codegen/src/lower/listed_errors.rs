use std::collections::BTreeSet;

use crate::spec::{About, At, ErrorCode, Operation, QuotaGroup, Retry, Spec, Version};

/// Lists the codes of an operation, those that a caller can mend first.
///
/// The vendor copies lists from one operation to the next, so what the operation's own parameters,
/// limits and rules say decides. No other operation has a say.
pub(super) fn listed_errors<'a>(
    operation: &Operation,
    version: &Version,
    spec: &'a Spec,
) -> Vec<&'a ErrorCode> {
    let listed: BTreeSet<&str> = operation.errors.iter().map(|code| code.as_str()).collect();
    // The operation's own version describes a code; others only what it does not have.
    let (own, others): (Vec<_>, Vec<_>) =
        spec.versions.iter().rev().partition(|it| it.name == version.name);
    let tables = own.into_iter().chain(others).filter_map(|it| it.errors.as_ref());
    let mut seen = BTreeSet::new();
    let mut errors: Vec<&ErrorCode> = tables
        .chain(&spec.gateway_errors)
        .flat_map(|table| &table.content.errors)
        .filter(|error| listed.contains(error.code.as_str()) && seen.insert(error.code.as_str()))
        .collect();
    errors.sort_by_key(|error| rank(operation, error));
    errors
}

/// How much a caller of the operation can do about a code, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The instance is full or runs another task, which no check finds beforehand.
    Occupied,
    /// The service does not take the picture.
    Picture,
    /// Nothing is stored under a key.
    NotFound,
    /// A value breaks a limit or a rule.
    Value,
    /// A required value is missing.
    Missing,
    /// The instance has another name, type or state.
    Instance,
    /// The caller has no permission.
    Caller,
    /// The same call passes later; the client repeats it.
    Later,
    /// Something failed inside the service.
    Service,
    /// Nothing in the operation leads to the code.
    Copied,
}

fn rank(operation: &Operation, error: &ErrorCode) -> Rank {
    let parameters = || operation.parameters.iter().filter(|it| it.scope.is_none());
    let is = |code: &Option<At<String>>| code.as_deref().is_some_and(|it| *it == *error.code);
    let missing = || parameters().any(|it| is(&it.missing_error));
    match error.about {
        About::Capacity if operation.quota.group == QuotaGroup::Add => Rank::Occupied,
        About::Task if operation.starts_task() => Rank::Occupied,
        About::Picture if !parameters().any(|it| it.kind.is_picture()) => Rank::Copied,
        About::Picture if error.retry != Retry::Never => Rank::Later,
        About::Picture if missing() => Rank::Missing,
        About::Picture => Rank::Picture,
        About::Parameter if parameters().any(|it| is(&it.not_found_error)) => Rank::NotFound,
        About::Parameter if missing() => Rank::Missing,
        About::Parameter if parameters().any(|it| is(&it.invalid_error)) => Rank::Value,
        About::Parameter if parameters().flat_map(|it| &it.limits).any(|it| is(&it.error)) => {
            Rank::Value
        }
        About::Parameter if operation.rules.iter().any(|it| is(&it.error)) => Rank::Value,
        About::Capacity | About::Task | About::Parameter => Rank::Copied,
        About::Instance => Rank::Instance,
        About::Caller => Rank::Caller,
        About::Rate => Rank::Later,
        About::Service => Rank::Service,
    }
}
