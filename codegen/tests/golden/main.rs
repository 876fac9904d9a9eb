//! Generates from a specification that is as hard as the rules allow, and compiles the outcome.
//!
//! `tests/obstacle-course/` has keywords, collisions and unkind texts; the result of it is
//! committed in `generated/` beside this file and is a module of this test. `UPDATE_EXPECT=1 cargo
//! test -p imagesearch-codegen` accepts a change.

#![allow(dead_code, unused_imports, unreachable_pub, reason = "a golden is compiled, not used")]

mod generated;
mod prelude;

// The real ones, since generated code relies on more than their signatures.
#[path = "../../../crates/core/src/error_table.rs"]
mod error_table;
#[path = "../../../crates/core/src/open_enum.rs"]
mod open_enum;
#[path = "../../../crates/core/src/region_table.rs"]
mod region_table;

use std::{env, path::Path};

use imagesearch_codegen::{
    format::{self, SourceFile},
    output::{self, Mode},
    source::{self, SourceFiles},
};
use prelude::{filter, image, operation, parameters, request, tolerant, values};

use crate::{
    generated::{
        answers::{MatchResponse, Word},
        descriptions::OPERATIONS,
        error_code::ERRORS,
        requests::{MatchRequest, NothingRequest},
        v2001,
    },
    image::Image,
    operation::{Kind, Location},
    request::{PagedRequest, Request},
};

fn here() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
}

/// What an SDK has seen of the obstacle course.
const SEEN: &str = r#"{"about": "\u0061", "sdks": {"snake": {"package": "x 1", "operations": {
    "Match": {"parameters": ["type"], "fields": ["Match[].Async"], "codes": ["Type"]}}}}}"#;

fn generate() -> Vec<SourceFile> {
    let files = source::read(&here().join("obstacle-course")).expect("the course is readable");
    let texts = files.paths().map(|(file, path)| (path, files.text(file)));
    let files = SourceFiles::from_iter(texts.chain([(source::SEEN, SEEN)]));
    let rendered = imagesearch_codegen::generate(&files)
        .unwrap_or_else(|mistakes| panic!("{}", files.report(&mistakes)));
    let workspace = here().join("../..");
    format::format(&rendered, &workspace).expect("what is generated is Rust")
}

#[test]
fn output_is_the_committed_one() {
    let kept = |file: SourceFile| {
        let folders = ["crates/core/src/", "crates/emulator/"];
        let path = folders.into_iter().find_map(|folder| file.path.strip_prefix(folder))?;
        Some(SourceFile { path: path.to_owned(), ..file })
    };
    let files: Vec<SourceFile> = generate().into_iter().filter_map(kept).collect();
    let mode = if env::var_os("UPDATE_EXPECT").is_some() { Mode::Write } else { Mode::Check };
    let differences = output::apply(&files, &here().join("golden"), mode).expect("disk works");
    if mode == Mode::Check {
        let diff: String = differences.into_iter().map(|it| it.diff).collect();
        assert!(diff.is_empty(), "UPDATE_EXPECT=1 accepts this:\n{diff}");
    }
}

#[test]
fn generating_twice_gives_the_same() {
    assert_eq!(generate(), generate());
}

#[test]
fn lines_have_no_blanks_at_their_end() {
    for file in &generate() {
        assert!(!file.text.lines().any(|line| line.ends_with(' ')), "{}", file.path);
    }
}

#[test]
fn requests_carry_their_parameters() {
    let request = MatchRequest::new("a", 1).start(5).new_("https://example.com/a.jpg");
    let names: Vec<&str> = request.parameters().names().collect();
    assert_eq!(names, ["type", "Self", "Start", "New"]);
    assert!(request.waived().is_empty());
    let request = MatchRequest::self_(1, 2);
    assert_eq!(request.waived(), ["type"]);
    let parameters = request.into_parameters();
    let names: Vec<&str> = parameters.names().collect();
    assert_eq!(names, ["Self", "async", "crate"]);
    assert!(NothingRequest::new().parameters().names().next().is_none());
}

#[test]
fn pages_are_counted_along_the_path() {
    let answer = r#"{"match": {"Async": [{"type": "a"}, {"Self": "true"}]}}"#;
    let answer: MatchResponse = serde_json::from_str(answer).expect("is an answer");
    assert_eq!(MatchRequest::items(&answer).len(), 2);
    assert!(MatchRequest::items(&MatchResponse::default()).is_empty());
    assert!(MatchRequest::into_items(MatchResponse::default()).is_empty());
    let hits = MatchRequest::into_items(answer);
    assert_eq!(hits[1].self_, Some(Word::True));
    assert_eq!(hits[0].r#type.as_deref(), Some("a"));
}

#[test]
fn operations_are_sorted_by_version_and_name() {
    let names: Vec<_> = OPERATIONS.iter().map(|it| (it.version, it.name)).collect();
    let expected = [
        ("2001-01-01", "Match"),
        ("2001-01-01", "Store"),
        ("2001-01-01", "Upload"),
        ("2020-02-02", "Match"),
        ("2020-02-02", "Nothing"),
    ];
    assert_eq!(names, expected);
    assert_eq!(v2001::MatchRequest::OPERATION.name, "Match");
}

#[test]
fn pictures_and_names_are_taken_from_what_a_caller_has() {
    let image = || Image::from("AAEC");
    let request = v2001::StoreRequest::new("a", [("b.png", image()), ("c.png", image())])
        .list(vec!["b.png".to_owned()])
        .search_pic("AAEC");
    let names: Vec<&str> = request.parameters().names().collect();
    assert_eq!(names, ["self", "match", "list", "searchPic"]);
    let parameters = v2001::StoreRequest::OPERATION.parameters;
    assert!(matches!(parameters[0].location, Location::Query));
    assert!(parameters[1..].iter().all(|it| matches!(it.location, Location::Caret)));
    let sent: Vec<&str> = parameters.iter().filter(|it| it.always_sent).map(|it| it.name).collect();
    assert_eq!(sent, ["type", "n", "list"]);
    assert!(matches!(v2001::UploadRequest::OPERATION.parameters[0].kind, Kind::InlineImage));
}

#[test]
fn tables_of_all_generations_are_one() {
    let find = |code: &str| ERRORS.iter().find(|it| it.code == code).expect("is in a table");
    assert_eq!(find("Type").http, [400, 409]);
    assert_eq!(find("Type").messages, ["said otherwise"]);
    assert_eq!(find("Type").meaning, "A keyword, once it is in lower case.");
    assert_eq!(find("Old").http, [500]);
}

#[test]
fn older_generations_have_a_handle_in_each_client() {
    let files = generate();
    for client in ["blocking", "async"] {
        let path = format!("crates/{client}/src/generated/v2001.rs");
        let file = files.iter().find(|it| it.path == path).expect("is generated");
        for line in [
            "pub struct V2001<'a>(&'a Instance);",
            "pub fn v2001(&self) -> V2001<'_> {",
            "pub fn store(&self, request: StoreRequest) -> Call<StoreRequest> {",
        ] {
            assert!(file.text.contains(line), "{path} lacks `{line}`:\n{}", file.text);
        }
    }
}
