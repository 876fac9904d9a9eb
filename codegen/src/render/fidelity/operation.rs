//! The part of the page that is about operations.

use super::{KEPT, Page, Table, cell, code, heading, known, paragraph};
use crate::{
    ir::{Generation, Operation},
    spec::{Enforce, Limit, Parameter, Required, Rule},
};

/// What is said of a limit that is only documented.
const NOT_CHECKED: &str = "not checked: what it forbids may be allowed tomorrow";

/// What is said of an operation that the emulator does not carry out.
const NOT_SERVED: &str = "**Not served**: the emulator refuses it with `UnsupportedOperationType`.";

impl Page<'_> {
    /// Writes each operation, the newest version first.
    pub(super) fn operations(&self, text: &mut String) {
        for (age, generation) in self.api.generations.iter().enumerate() {
            heading(text, 2, &format!("Operations of {}", generation.version));
            for operation in &generation.operations {
                self.operation(text, generation, operation, age == 0);
            }
        }
    }

    fn operation(
        &self,
        text: &mut String,
        generation: &Generation<'_>,
        operation: &Operation<'_>,
        newest: bool,
    ) {
        let spec = operation.spec;
        let name = spec.name.as_str();
        // What an SDK of the newest version sees says nothing of older ones.
        let seen = if newest { name } else { "" };
        heading(text, 3, name);
        let mut limits = Table::new(["limit", "answer", "known", "emulator"]);
        for parameter in &spec.parameters {
            self.presence(&mut limits, parameter);
            for limit in &parameter.limits {
                self.limit(&mut limits, parameter, limit);
            }
        }
        for rule in &spec.rules {
            self.rule(&mut limits, rule);
        }
        limits.write(text);
        let listed = spec.errors.iter().map(|it| it.as_str()).collect();
        let key = format!("{}/{name}", generation.version);
        let served = self.emulator.operations.get(&key);
        if served.is_none_or(|it| it.outcome.is_none()) {
            paragraph(text, NOT_SERVED);
        }
        let answered = served.into_iter().flat_map(|it| &it.answers);
        let answered: Vec<&str> = answered.map(|it| it.as_str()).collect();
        self.codes(text, listed, &answered, Some(seen));
    }

    /// Writes whether a parameter must be there, and of which form it must be.
    fn presence(&self, table: &mut Table<4>, parameter: &Parameter) {
        let name = code(&parameter.name);
        let mut row = |limit: String, error: &str, uncertain: Option<&str>| {
            let known = known(&parameter.source, uncertain);
            table.row([limit, self.answer(error), known, KEPT.to_owned()]);
        };
        let required = match &*parameter.required {
            Required::Always => Some("must be there".to_owned()),
            Required::When(when) => Some(format!("must be there when {}", cell(when))),
            Required::No => None,
        };
        if let (Some(required), Some(error)) = (required, &parameter.missing_error) {
            row(format!("{name} {required}"), error, None);
        }
        if let Some(error) = parameter.invalid_error.as_ref().filter(|_| !parameter.kind.is_text())
        {
            row(format!("{name} must be of its type"), error, parameter.uncertain.as_deref());
        }
    }

    fn limit(&self, table: &mut Table<4>, parameter: &Parameter, limit: &Limit) {
        let error = limit.error.as_deref();
        let source = limit.source.as_deref().map_or("", |it| it.as_str());
        table.row([
            format!("{} {}", code(&parameter.name), describe(limit)),
            error.map_or(String::new(), |error| self.answer(error)),
            known(source, limit.uncertain.as_deref()),
            kept(limit.enforce.unwrap_or(Enforce::Document)).to_owned(),
        ]);
    }

    fn rule(&self, table: &mut Table<4>, rule: &Rule) {
        let error = rule.error.as_deref();
        let text = if let Some(sum) = &rule.sum_at_most {
            let names: Vec<String> = sum.parameters.iter().map(|(name, _)| code(name)).collect();
            format!("{} is at most {}", names.join(" + "), sum.limit)
        } else if let Some(required) = &rule.required_if {
            let (word, condition) = match (&required.when, &required.unless) {
                (Some(when), _) => ("when", when),
                (None, Some(unless)) => ("unless", unless),
                (None, None) => return,
            };
            let condition = condition.iter();
            let condition: Vec<String> = condition
                .map(|(name, value)| format!("{} is {}", code(name), code(&value.to_string())))
                .collect();
            let name = code(&required.parameter);
            format!("{name} must be there {word} {}", condition.join(" and "))
        } else {
            return;
        };
        table.row([
            text,
            error.map_or(String::new(), |error| self.answer(error)),
            known(&rule.source, rule.uncertain.as_deref()),
            kept(rule.enforce).to_owned(),
        ]);
    }
}

fn kept(enforce: Enforce) -> &'static str {
    match enforce {
        Enforce::Reject => KEPT,
        Enforce::Document => NOT_CHECKED,
    }
}

/// Says in words what a limit checks.
fn describe(limit: &Limit) -> String {
    let number = |words: &str, value: String| Some(format!("{words} {value}"));
    let counted = |count: u32, one: &str, many: &str| {
        if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
    };
    let described = if let Some(it) = &limit.min {
        number("is at least", it.to_string())
    } else if let Some(it) = &limit.max {
        number("is at most", it.to_string())
    } else if let Some(it) = &limit.min_length {
        number("has at least", counted(**it, "character", "characters"))
    } else if let Some(it) = &limit.max_length {
        number("has at most", counted(**it, "character", "characters"))
    } else if let Some(it) = &limit.min_items {
        number("has at least", counted(**it, "entry", "entries"))
    } else if let Some(it) = &limit.one_of {
        let values: Vec<String> = it.iter().map(|value| value.to_string()).collect();
        number("is one of", cell(&values.join(", ")))
    } else if let Some(it) = &limit.forbidden_characters {
        number("has none of", code(it).replace('|', "\\|"))
    } else {
        limit.format.as_deref().map(|it| it.in_words().to_owned())
    };
    described.unwrap_or_default()
}
