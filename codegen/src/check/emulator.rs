use std::collections::BTreeSet;

use super::Checker;
use crate::{Mistake, names, spec::Document};

/// Checks what is said of the emulator: every operation once, known codes, each at one place.
pub(super) fn check(checker: &mut Checker<'_>) {
    let spec = checker.spec;
    let Some(Document { file, content }) = &spec.emulator else {
        return;
    };
    let operations = spec.versions.iter().flat_map(|version| {
        let operations = version.operations.iter();
        operations.map(|it| format!("{}/{}", version.name, it.content.name.as_str()))
    });
    let operations: Vec<String> = operations.collect();
    // Where an operation could not be read, that is the mistake, not what is said of it.
    let written = checker.files.paths().filter(|(_, path)| path.contains("/operations/")).count();
    for (name, _) in content.operations.iter().filter(|_| written == operations.len()) {
        checker.known(*file, name, "operation", operations.iter().map(String::as_str));
    }
    for operation in &operations {
        if content.operations.get(operation).is_none() {
            let message = format!("nothing is said of the operation `{operation}`");
            checker.report(Mistake::new(*file, 0..0, message));
        }
    }
    for outcome in content.operations.iter().filter_map(|(_, served)| served.outcome.as_ref()) {
        if !names::is_type_name(outcome) {
            let message = format!("outcome `{}` is no name of a type", outcome.as_str());
            checker.report(Mistake::at(*file, outcome, message));
        }
    }
    let answered = content.operations.iter().map(|(_, served)| &served.answers);
    let mut ever_answered = BTreeSet::new();
    for answers in answered.chain([&content.gateway.answers]) {
        for code in answers {
            checker.known_code(*file, code);
            ever_answered.insert(code.as_str());
        }
        checker.distinct(*file, "code", answers, Clone::clone);
    }
    let unanswered = || content.unanswered.iter().flat_map(|it| &it.codes);
    for code in unanswered() {
        checker.known_code(*file, code);
        if ever_answered.contains(code.as_str()) {
            let message = format!("`{}` is answered by an operation", code.as_str());
            checker.report(Mistake::at(*file, code, message));
        }
    }
    checker.distinct(*file, "code", unanswered(), Clone::clone);
}
