use std::{env, io::IsTerminal, io::stdout};

use comfy_table::{ContentArrangement, Table, presets::ASCII_FULL_CONDENSED};
use serde::Serialize;

use super::{operations::Outcome, searches::Search};
use crate::{arguments::ApiVersion, exit::Failure, output};

/// The results of the demo.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) api_version: ApiVersion,
    pub(super) photos: usize,
    pub(super) searches: Vec<Search>,
    pub(super) operations: Vec<Outcome>,
    pub(super) seconds: f64,
}

/// The report for machines, with fields in the order of the output.
#[derive(Serialize)]
struct Printed<'a> {
    passed: bool,
    api_version: &'static str,
    photos: usize,
    found_first: usize,
    searches: &'a [Search],
    operations: &'a [Outcome],
    seconds: f64,
}

impl Report {
    /// Returns whether every copy found its original first and every operation returned the
    /// expected result.
    pub(super) fn passed(&self) -> bool {
        self.searches.iter().all(Search::passed) && self.operations.iter().all(|it| it.passed)
    }

    /// Prints the report as JSON or as tables.
    pub(super) fn print(&self, as_json: bool) -> Result<(), Failure> {
        if as_json {
            return output::json(&Printed {
                passed: self.passed(),
                api_version: self.api_version.as_str(),
                photos: self.photos,
                found_first: self.found_first(),
                searches: &self.searches,
                operations: &self.operations,
                seconds: self.seconds,
            });
        }
        let coloured = stdout().is_terminal() && env::var_os("NO_COLOR").is_none();
        output::line(&self.text(coloured))
    }

    fn found_first(&self) -> usize {
        self.searches.iter().filter(|search| search.passed()).count()
    }

    fn text(&self, coloured: bool) -> String {
        let mut searches = table(&["photo", "altered copy", "first hit", "score", "verdict"]);
        for search in &self.searches {
            let hit = search.first_hit.as_deref().unwrap_or("-");
            let score = search.score.map_or_else(String::new, |score| format!("{score:.3}"));
            let verdict = match search.rank {
                Some(1) => "found first".to_owned(),
                Some(rank) => format!("FOUND AT {rank}"),
                None => "NOT FOUND".to_owned(),
            };
            searches.add_row([search.photo, search.alteration, hit, &score, &verdict]);
        }
        let mut operations = table(&["operation", "call", "answer", "verdict"]);
        for outcome in &self.operations {
            let verdict = if outcome.passed { "as expected" } else { "UNEXPECTED" };
            operations.add_row([outcome.operation, outcome.call, &outcome.answer, verdict]);
        }
        let (verdict, colour) =
            if self.passed() { ("PASSED", "\u{1b}[1;32m") } else { ("FAILED", "\u{1b}[1;31m") };
        let (before, after) = if coloured { (colour, "\u{1b}[0m") } else { ("", "") };
        format!(
            "API {}: {} photos added by the blocking client; copies searched by the async client, \
             all at once:\n{searches}\n\nThe other operations:\n{operations}\n\n\
             {before}{verdict}{after}: {} of {} altered copies found their original first, {} of {} \
             operations answered as expected, in {:.1} s",
            self.api_version,
            self.photos,
            self.found_first(),
            self.searches.len(),
            self.operations.iter().filter(|it| it.passed).count(),
            self.operations.len(),
            self.seconds
        )
    }
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(ASCII_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        // The same width in a terminal, a pipe and a log.
        .set_width(100)
        .set_header(header);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(rank: Option<usize>) -> Report {
        Report {
            api_version: ApiVersion::V2020,
            photos: 1,
            searches: vec![Search {
                photo: "cat",
                alteration: "centre 80 %",
                first_hit: Some("dog.jpg".to_owned()),
                score: Some(0.51234),
                rank,
            }],
            operations: Vec::new(),
            seconds: 1.25,
        }
    }

    #[test]
    fn passes_only_if_the_original_comes_first() {
        for (rank, passed, verdict, last) in [
            (Some(1), true, "found first", "PASSED: 1 of 1"),
            (Some(3), false, "FOUND AT 3", "FAILED: 0 of 1"),
            (None, false, "NOT FOUND", "FAILED: 0 of 1"),
        ] {
            let report = report(rank);
            assert_eq!(report.passed(), passed);
            let text = report.text(false);
            assert!(text.contains(verdict) && text.contains(last), "{text}");
            assert!(text.contains("0.512") && text.is_ascii(), "{text}");
        }
    }

    #[test]
    fn colours_the_verdict_only_where_asked() {
        assert!(report(Some(1)).text(true).contains("\u{1b}[1;32mPASSED\u{1b}[0m"));
        assert!(!report(Some(1)).text(false).contains('\u{1b}'));
    }
}
