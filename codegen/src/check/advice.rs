use std::collections::BTreeSet;

use super::Checker;
use crate::{
    Mistake,
    spec::{ErrorCode, Limit, Operation, Parameter, Spec},
};

/// Checks that what is said of an error code and the limits that lead to it name the same numbers.
pub(super) fn check(checker: &mut Checker<'_>) {
    let spec = checker.spec;
    // Where an operation could not be read, that is the mistake, not the limits that are lacking.
    let all = checker.files.paths().filter(|(_, path)| path.contains("/operations/")).count();
    let read: usize = spec.versions.iter().map(|version| version.operations.len()).sum();
    if all != read {
        return;
    }
    let tables = spec.versions.iter().filter_map(|version| version.errors.as_ref());
    for document in tables.chain(&spec.gateway_errors) {
        for error in &document.content.errors {
            let limits = Limits::of(error, spec);
            for text in [&error.meaning, &error.advice] {
                let odd = numbers(text).into_iter().find(|it| !limits.allowed.contains(it));
                if let (Some(odd), Some(_)) = (odd, limits.allowed.first()) {
                    let message = format!("`{}` has no limit of {odd}", error.code.as_str());
                    let known: Vec<String> = limits.allowed.iter().map(i64::to_string).collect();
                    let help = format!("its limits are {}", known.join(", "));
                    checker.report(Mistake::at(document.file, text, message).help(help));
                }
            }
            let said: BTreeSet<i64> =
                numbers(&error.meaning).union(&numbers(&error.advice)).copied().collect();
            let left_out = limits.upper.iter().find(|it| !said.contains(it));
            if let (false, Some(left_out)) = (said.is_empty(), left_out) {
                let message =
                    format!("`{}` is silent about its limit of {left_out}", error.code.as_str());
                let help = "name the limits of all operations, or no number at all";
                checker.report(Mistake::at(document.file, &error.advice, message).help(help));
            }
        }
    }
}

/// The numbers that limits of all operations connect with a code.
#[derive(Debug, Default)]
struct Limits {
    /// All that may be named.
    allowed: BTreeSet<i64>,
    /// The upper bounds that are answered with the code.
    upper: BTreeSet<i64>,
}

impl Limits {
    fn of(error: &ErrorCode, spec: &Spec) -> Self {
        let mut limits = Self::default();
        let code = error.code.as_str();
        let operations = spec.versions.iter().flat_map(|version| &version.operations);
        for document in operations {
            limits.add(code, &document.content);
        }
        if let Some(document) = &spec.image_limits {
            let pictures = &document.content;
            if pictures.max_bytes.error.as_str() == code {
                limits.allowed.insert((*pictures.max_bytes.value).into());
                limits.upper.insert((*pictures.max_bytes.value).into());
            }
            if pictures.error.as_str() == code {
                let types = pictures.service_types.iter().map(|it| (*it.min_side, *it.max_side));
                let default = (*pictures.default.min_side, *pictures.default.max_side);
                let sides = types.chain([default]).flat_map(|(min, max)| [min, max]);
                limits.allowed.extend(sides.map(i64::from));
            }
        }
        limits
    }

    fn add(&mut self, code: &str, operation: &Operation) {
        let answers = |limit: &Limit| limit.error.as_ref().is_some_and(|it| it.as_str() == code);
        let leads = |parameter: &Parameter| {
            let invalid = parameter.invalid_error.as_ref().is_some_and(|it| it.as_str() == code);
            invalid || parameter.limits.iter().any(|limit| answers(limit))
        };
        for limit in operation.parameters.iter().filter(|it| leads(it)).flat_map(|it| &it.limits) {
            let lower = limit.min.as_deref().copied();
            let upper = limit.max.as_deref().copied();
            let counts = [&limit.min_length, &limit.min_items];
            let counts = counts.into_iter().flatten().map(|it| i64::from(**it));
            let longest = limit.max_length.as_deref().map(|it| i64::from(*it));
            self.allowed.extend(lower.into_iter().chain(upper).chain(counts).chain(longest));
            if answers(limit) {
                self.upper.extend(upper.into_iter().chain(longest));
            }
        }
        let rules = operation.rules.iter();
        let rules = rules.filter(|it| it.error.as_ref().is_some_and(|it| it.as_str() == code));
        for sum in rules.filter_map(|it| it.sum_at_most.as_ref()) {
            self.allowed.insert(sum.limit);
            self.upper.insert(sum.limit);
        }
    }
}

/// Finds the numbers of a text: not those of names and dates, nor bits and seconds, which no limit of
/// a parameter counts.
fn numbers(text: &str) -> BTreeSet<i64> {
    let mut numbers = BTreeSet::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let digits = word.trim_end_matches(['.', ',', ';', ':', ')']).trim_start_matches('(');
        let unit = words.peek().copied().unwrap_or_default();
        let unit = unit.trim_end_matches(|next: char| !next.is_alphanumeric());
        let number = digits.replace(',', "").parse::<i64>();
        match (number, unit) {
            (Err(_), _) | (_, "bits" | "seconds" | "minutes") => {}
            (Ok(number), "MiB") => {
                numbers.insert(number.saturating_mul(1024 * 1024));
            }
            (Ok(number), _) => {
                numbers.insert(number);
            }
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_limits_are_found() {
        for (text, expected) in [
            ("Shorten IntAttr2 to at most 4,096 characters.", &[4096][..]),
            ("Send a whole number from 1 to 100.", &[1, 100]),
            ("Shrink the file to at most 4 MiB, by fewer pixels.", &[4 * 1024 * 1024]),
            ("A number of 32 bits, after 5 seconds, in 2020-12-14.", &[]),
            ("256 (or 512).", &[256, 512]),
        ] {
            let found: Vec<i64> = numbers(text).into_iter().collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
