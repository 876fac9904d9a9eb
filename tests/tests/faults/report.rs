//! Prints what happened.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::ledger::Ledger;

/// Prints the faults, what became of the calls, and how the promises were kept.
pub(crate) fn print(ledger: &Ledger, hits: &BTreeMap<String, u64>, clock_changes: u64) {
    let entries = &ledger.entries;
    println!("requests that something was done to");
    for (rule, count) in hits {
        row(*count, &rule.replace('_', " "));
    }
    row(hits.values().sum(), "in all");
    row(clock_changes, "changes of the service's clock");

    println!("\ncalls");
    let count = |wanted: &dyn Fn(&&crate::ledger::Entry) -> bool| {
        entries.iter().filter(|entry| wanted(entry)).count() as u64
    };
    row(entries.len() as u64, "made");
    row(count(&|it| it.repeated), "of them retried");
    row(count(&|it| it.repeated && it.failed.is_none()), "recovered by that");
    row(count(&|it| it.failed.is_some()), "failed, of which");
    let mut failures = BTreeMap::<&str, u64>::new();
    for failed in entries.iter().filter_map(|it| it.failed.as_ref()) {
        *failures.entry(&failed.why).or_default() += 1;
    }
    for (why, count) in failures {
        row(count, &format!("    with {why}"));
    }
    let doubtful = |it: &&crate::ledger::Entry| it.failed.as_ref().is_some_and(|it| it.doubtful);
    row(count(&doubtful), "    say that they may have been carried out");

    println!("\npromises");
    row(ledger.twice, "calls that are not idempotent carried out twice");
    row(ledger.twice_unsaid, "of them without their error saying so");
    row(ledger.lost, &format!("pictures acknowledged and absent, of {}", ledger.kept));
    let texts: usize = entries.iter().map(|it| it.texts).sum();
    row(
        count(&|it| !it.leaks.is_empty()),
        &format!("calls that printed a secret, in {texts} texts"),
    );
    row(ledger.broken.len() as u64, "promises broken, of these and all others");
    let overrun = entries.iter().map(|it| it.overrun).max().unwrap_or(Duration::ZERO);
    println!(
        "{:>8} ms was the longest time that a call ended after its deadline",
        overrun.as_millis()
    );
}

fn row(count: u64, what: &str) {
    println!("{count:>8} {what}");
}
