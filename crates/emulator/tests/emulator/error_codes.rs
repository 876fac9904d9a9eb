//! Every error code that `api-spec/emulator.yaml` says an operation answers, provoked.

pub(crate) mod calls;
mod cases;
mod gateway;
mod uploads;

use std::collections::BTreeSet;
use std::path::Path;

use imagesearch_codegen::{parse, source, spec};
use imagesearch_core::errors::ErrorCode;
use serde_json::Value;

use crate::wire::Answer;
use cases::{Situation, cases};

/// Answered codes that no request can provoke in little time, and where they are tested.
const ELSEWHERE: [(&str, &str); 1] = [
    // `request_body.rs`: while others hold all the memory.
    ("gateway", "ServiceUnavailable"),
];

/// Reads what is said of the emulator.
pub(crate) fn said() -> spec::Emulator {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-spec");
    let files = source::read(&root).unwrap();
    let (spec, mistakes) = parse(&files);
    assert!(mistakes.is_empty(), "{}", files.report(&mistakes));
    spec.emulator.unwrap().content
}

/// Says in what an answer is not the code with the status and the message that are documented.
fn mistake(answer: &Answer, code: &str) -> Option<String> {
    let described = ErrorCode::from(code).description()?;
    let status = described.http.first().copied().unwrap_or(400);
    let message = described.messages.first().copied().unwrap_or(described.meaning);
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let complete = ["RequestId", "HostId", "Recommend"].iter().all(|name| body[name].is_string());
    // What was signed follows the message, where the signature is not right.
    let documented = text("Code") == code && text("Message").starts_with(message);
    let right = answer.status == status && documented && complete;
    (!right).then(|| format!("{code} with {status} expected, not {answer:?}"))
}

#[test]
fn every_answered_code_has_a_case_and_every_case_an_answered_code() {
    let said = said();
    let pair = |of: &str, code: &str| (of.to_owned(), code.to_owned());
    let answered: BTreeSet<_> = said
        .operations
        .iter()
        .flat_map(|(name, answered)| answered.answers.iter().map(|it| pair(name, it)))
        .chain(said.gateway.answers.iter().map(|it| pair("gateway", it)))
        .collect();
    let tested: BTreeSet<_> = cases()
        .iter()
        .map(|case| pair(case.operation, case.code))
        .chain(gateway::cases().iter().map(|(code, _)| pair("gateway", code)))
        .chain(ELSEWHERE.map(|(of, code)| pair(of, code)))
        .collect();
    let untested: Vec<_> = answered.difference(&tested).collect();
    let unsaid: Vec<_> = tested.difference(&answered).collect();
    assert!(
        untested.is_empty() && unsaid.is_empty(),
        "no case: {untested:?}; not in emulator.yaml: {unsaid:?}"
    );
}

#[test]
fn every_code_of_uploads_has_a_case() {
    let said: BTreeSet<_> =
        said().uploads.into_iter().map(|error| (error.code, error.http)).collect();
    let tested = uploads::cases().into_iter().map(|(code, http, _)| (code, http));
    let tested: BTreeSet<_> =
        tested.chain(uploads::ELSEWHERE).map(|(code, http)| (code.to_owned(), http)).collect();
    assert_eq!(said, tested);
}

#[test]
fn calls_that_nothing_is_wrong_with_are_answered() {
    let emulator = Situation::Filled.start();
    let operations: BTreeSet<_> = cases().iter().map(|case| case.operation).collect();
    for operation in operations {
        let answer = calls::Call::right(operation).send(&emulator);
        assert_eq!(answer.status, 200, "{operation}: {answer:?}");
    }
}

#[test]
fn every_code_is_answered_with_its_status_and_message() {
    let (cases, mut mistakes) = (cases(), Vec::new());
    for situation in Situation::ALL {
        let emulator = situation.start();
        for case in cases.iter().filter(|case| case.situation == situation) {
            let mistake = mistake(&case.send(&emulator), case.code);
            mistakes.extend(mistake.map(|it| format!("{}: {it}", case.operation)));
        }
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn every_code_of_the_gateway_is_answered_with_its_status_and_message() {
    for (code, request) in gateway::cases() {
        let emulator = gateway::start();
        assert_eq!(mistake(&request(&emulator).send(&emulator), code), None);
    }
}
