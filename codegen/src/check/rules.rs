use super::Checker;
use crate::{
    Mistake,
    source::FileId,
    spec::{At, Entries, Operation, Rule, Scalar},
};

/// Checks the rules that span parameters.
pub(super) fn check(checker: &mut Checker<'_>, file: FileId, operation: &Operation) {
    for rule in &operation.rules {
        if let Some(code) = &rule.error {
            checker.known_code(file, code);
        }
        check_rule(checker, file, operation, rule);
    }
}

fn check_rule(checker: &mut Checker<'_>, file: FileId, operation: &Operation, rule: &At<Rule>) {
    let names = || operation.parameters.iter().map(|it| it.name.as_str());
    if rule.sum_at_most.is_some() == rule.required_if.is_some() {
        let message = "a rule is either `sum_at_most` or `required_if`";
        checker.report(Mistake::at(file, rule, message));
    }
    for (name, _) in rule.sum_at_most.iter().flat_map(|sum| sum.parameters.iter()) {
        checker.known(file, name, "parameter", names());
        let found = operation.parameters.iter().find(|it| *it.name == **name);
        if found.is_some_and(|it| !it.kind.is_integer()) {
            let message = format!("`{}` is no number, so it has no sum", name.as_str());
            checker.report(Mistake::at(file, name, message));
        }
    }
    let Some(required) = &rule.required_if else {
        return;
    };
    checker.known(file, &required.parameter, "parameter", names());
    let conditions: Vec<&At<Entries<Scalar>>> =
        required.when.iter().chain(&required.unless).collect();
    let &[condition] = conditions.as_slice() else {
        let message = "a requirement has either `when` or `unless`";
        checker.report(Mistake::at(file, &required.parameter, message));
        return;
    };
    if condition.iter().count() != 1 {
        let message = "a condition names exactly one parameter";
        checker.report(Mistake::at(file, condition, message));
    }
    for (name, _) in condition.iter() {
        checker.known(file, name, "parameter", names());
    }
}
