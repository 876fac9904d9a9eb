use imagesearch_core::{API_VERSION, operations::OPERATIONS};

use crate::program::run;

#[test]
fn finds_every_original_first() {
    let report = run(&["demo", "--json"], b"").json();
    assert_eq!(report["passed"], true);
    assert_eq!(report["found_first"], 48);
    assert_eq!(report["searches"].as_array().unwrap().len(), 48);
    let rows = report["operations"].as_array().unwrap();
    let shown = |name: &str| rows.iter().any(|row| row["operation"] == name);
    for operation in OPERATIONS.iter().filter(|it| it.version == API_VERSION) {
        let elsewhere = ["AddImage", "SearchImageByPic"].contains(&operation.name);
        assert!(elsewhere || shown(operation.name), "{}", operation.name);
    }
}

#[test]
fn prints_a_readable_table_without_colours_into_a_pipe() {
    let ended = run(&["demo"], b"");
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("PASSED: 48 of 48"), "{}", ended.stdout);
    assert!(ended.stdout.is_ascii(), "{}", ended.stdout);
    assert!(!ended.stdout.contains('\u{1b}'));
}
