//! What goes wrong, and how often.

use imagesearch_emulator::{ErrorEffect, FaultEffect, FaultRule, Hop, Reset};

/// Lists the rules, most of which hit one request in a hundred. What takes longest is rarest.
pub(crate) fn rules(seed: u64) -> Vec<FaultRule> {
    let error = |code: &str| FaultEffect::Error(ErrorEffect::new(code));
    let unavailable = ErrorEffect::new("ServiceUnavailable").http(503);
    let in_a_moment = ErrorEffect::new("DeniedRequest").header("x-acs-retry-after", "50");
    let rules = [
        ("reset before the work", 0.02, FaultEffect::Reset(Reset::BeforeHeaders)),
        ("reset after the headers", 0.01, FaultEffect::Reset(Reset::AfterHeaders)),
        ("reset within the body", 0.01, FaultEffect::Reset(Reset::MidBody)),
        ("work done, answer lost", 0.02, FaultEffect::DuplicateExecution { then: lost() }),
        ("body cut off", 0.01, FaultEffect::TruncateBody),
        ("half a body", 0.01, FaultEffect::BadJson),
        ("no body", 0.01, FaultEffect::EmptyBody),
        ("slow body", 0.01, FaultEffect::Drip { bytes_per_s: 2_000 }),
        ("HTML 502", 0.02, FaultEffect::Html502),
        ("500 InternalError", 0.01, error("InternalError")),
        ("503 ServiceUnavailable", 0.01, FaultEffect::Error(unavailable)),
        ("DeniedRequest", 0.01, FaultEffect::Error(in_a_moment)),
        ("Throttling.User", 0.01, error("Throttling.User")),
        ("SignatureNonceUsed", 0.005, error("SignatureNonceUsed")),
        ("claims to be HTML", 0.01, FaultEffect::WrongContentType),
        ("no request id", 0.01, FaultEffect::DropRequestId),
        ("50 ms late", 0.03, FaultEffect::Delay { ms: 50 }),
        ("3 s late", 0.003, FaultEffect::Delay { ms: 3_000 }),
        ("no answer", 0.003, FaultEffect::Hang),
    ];
    let everywhere = rules.into_iter().map(|(name, probability, effect)| {
        FaultRule::new(id(name), effect).probability(probability)
    });
    let uploads = [
        FaultRule::new(id("policy expired"), FaultEffect::ExpiredPolicy)
            .hop(Hop::Authorize)
            .probability(0.02),
        FaultRule::new(id("picture unreadable"), FaultEffect::RejectAfterUpload)
            .action("AddImage")
            .hop(Hop::Api)
            .probability(0.01),
    ];
    everywhere.chain(uploads).map(|rule| rule.seed(seed)).collect()
}

/// Creates an id of a name: it travels in a header, so it has no blanks.
fn id(name: &str) -> String {
    name.replace(' ', "_")
}

fn lost() -> Box<FaultEffect> {
    Box::new(FaultEffect::Reset(Reset::BeforeHeaders))
}
