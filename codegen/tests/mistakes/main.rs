//! What the author of a specification reads after a mistake.

mod generations;
mod texts;

use expect_test::{Expect, expect};
use imagesearch_codegen::{generate, source::SourceFiles};

/// The file that most cases change.
const OPERATION: &str = "2020-02-02/operations/match.yaml";

/// Reads the obstacle course, which is without a mistake.
fn course() -> Vec<(String, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/obstacle-course");
    let files = imagesearch_codegen::source::read(root.as_ref()).expect("the course is readable");
    files.paths().map(|(file, path)| (path.to_owned(), files.text(file).to_owned())).collect()
}

/// Replaces the first occurrence of a text in a file and returns the report.
fn report(path: &str, old: &str, new: &str) -> String {
    let mut files = course();
    let (_, text) = files.iter_mut().find(|(name, _)| name == path).expect("the file is there");
    assert!(text.contains(old), "{path} has no `{old}`");
    *text = text.replacen(old, new, 1);
    let files = SourceFiles::from_iter(files);
    match generate(&files) {
        Ok(_) => String::new(),
        Err(mistakes) => files.report(&mistakes),
    }
}

fn check(path: &str, old: &str, new: &str, expected: &Expect) {
    expected.assert_eq(&report(path, old, new));
}

#[test]
fn the_course_itself_has_none() {
    assert_eq!(report(OPERATION, "name: Match", "name: Match"), "");
}

#[test]
fn unknown_keys_and_values_are_named() {
    check(
        OPERATION,
        "ram_action:",
        "ram_acton:",
        &expect![[r#"
            error: unknown key `ram_acton`
              --> api-spec/2020-02-02/operations/match.yaml:12:1
               |
            12 | ram_acton: obstacle:Match
               | ^^^^^^^^^ did you mean `ram_action`?
               |
               = help: known here: `name`, `summary`, `description`, `documentation`, `since`, `method`, `path`, `replaced_by`, `access`, `ram_action`, `idempotency`, `quota`, `uncertain`, `parameters`, `rules`, `filter`, `constructors`, `paging`, `response`, `errors`, `example`

        "#]],
    );
    check(
        OPERATION,
        "access: write",
        "access: wriet",
        &expect![[r#"
            error: unknown value `wriet`
              --> api-spec/2020-02-02/operations/match.yaml:11:9
               |
            11 | access: wriet
               |         ^^^^^ did you mean `write`?
               |
               = help: known here: `read`, `write`

        "#]],
    );
    check(
        OPERATION,
        "in: form",
        "in: from",
        &expect![[r#"
            error: unknown value `from`
              --> api-spec/2020-02-02/operations/match.yaml:32:22
               |
            32 |   - {name: Self, in: from, type: int32, required: true, summary: Cannot be raw., source: made-up}
               |                      ^^^^ did you mean `form`?
               |
               = help: known here: `query`, `form`, `caret`

        "#]],
    );
}

#[test]
fn references_are_followed() {
    check(
        OPERATION,
        "error: Type",
        "error: Tpye",
        &expect![[r#"
        error: unknown error code `Tpye`
          --> api-spec/2020-02-02/operations/match.yaml:25:20
           |
        25 |     missing_error: Tpye
           |                    ^^^^ did you mean `Type`?

    "#]],
    );
    check(
        OPERATION,
        "source: made-up",
        "source: madeup",
        &expect![[r#"
        error: unknown source `madeup`
          --> api-spec/2020-02-02/operations/match.yaml:13:69
           |
        13 | idempotency: {class: not_idempotent, reason: Nobody knows., source: madeup}
           |                                                                     ^^^^^^ did you mean `made-up`?

    "#]],
    );
    check(
        OPERATION,
        "type: list<Word>",
        "type: list<Wrod>",
        &expect![[r#"
        error: unknown type `Wrod`
          --> api-spec/2020-02-02/operations/match.yaml:83:25
           |
        83 |   - {name: Words, type: list<Wrod>, summary: A list of them.}
           |                         ^^^^^^^^^^ did you mean `Word`?

    "#]],
    );
    check(
        OPERATION,
        "items: Match.Async",
        "items: Match.Asinc",
        &expect![[r#"
        error: the answer has no field `Asinc` there
          --> api-spec/2020-02-02/operations/match.yaml:77:10
           |
        77 |   items: Match.Asinc
           |          ^^^^^^^^^^^ did you mean `Async`?

    "#]],
    );
}

#[test]
fn values_are_held_against_limits() {
    check(
        OPERATION,
        "default: -5",
        "default: -6",
        &expect![[r#"
        error: `-6` breaks the limit of `async`: at least -5
          --> api-spec/2020-02-02/operations/match.yaml:39:14
           |
        39 |     default: -6
           |              ^^

    "#]],
    );
    check(
        OPERATION,
        "Self: 1,",
        "Self: one,",
        &expect![[r##"
        error: `one` is not a whole number of 32 bits
          --> api-spec/2020-02-02/operations/match.yaml:95:37
           |
        95 |   parameters: {type: 'a"#b\', Self: one, '2ndNumber': -1, Parameters: n2=1, New: 'https://example.com/a.jpg', Clone: '1,2,3,4', Item...
           |                                     ^^^

        error: `Self` is `one`, not `1`
          --> api-spec/2020-02-02/operations/match.yaml:97:16
           |
        97 |   form: {Self: '1', '2ndNumber': '-1', Parameters: n2=1, New: 'https://example.com/a.jpg', Clone: '1,2,3,4', ItemCount: '0.50', Id: ...
           |                ^^^

    "##]],
    );
    check(
        OPERATION,
        "min: -5",
        "max: -5, min: 5",
        &expect![[r#"
            error: `-5` breaks the limit of `async`: at least 5
              --> api-spec/2020-02-02/operations/match.yaml:39:14
               |
            39 |     default: -5
               |              ^^

            error: a limit has exactly one check, this one has 2
              --> api-spec/2020-02-02/operations/match.yaml:45:9
               |
            45 |       - {max: -5, min: 5, enforce: reject, source: made-up}
               |         ^
               |
               = help: min, max, min_length, max_length, min_items, one_of, format or forbidden_characters

            error: min 5 is above max -5
              --> api-spec/2020-02-02/operations/match.yaml:45:24
               |
            45 |       - {max: -5, min: 5, enforce: reject, source: made-up}
               |                        ^

        "#]],
    );
    check(
        OPERATION,
        "format: ascii",
        "format: ascci",
        &expect![[r#"
        error: unknown value `ascci`
          --> api-spec/2020-02-02/operations/match.yaml:30:18
           |
        30 |       - {format: ascci, enforce: reject, source: made-up}
           |                  ^^^^^ did you mean `ascii`?
           |
           = help: known here: `ascii`, `folder`, `http_url`

    "#]],
    );
}

#[test]
fn examples_are_held_against_placement() {
    check(
        OPERATION,
        "form: {Self: '1', ",
        "form: {",
        &expect![[r#"
        error: `Self` is missing from the form of the example
          --> api-spec/2020-02-02/operations/match.yaml:32:12
           |
        32 |   - {name: Self, in: form, type: int32, required: true, summary: Cannot be raw., source: made-up}
           |            ^^^^

    "#]],
    );
    check(
        OPERATION,
        "query: {Instance: demo,",
        "query: {Instance: dmeo,",
        &expect![[r##"
        error: `Instance` is `demo`, not `dmeo`
          --> api-spec/2020-02-02/operations/match.yaml:96:21
           |
        96 |   query: {Instance: dmeo, type: 'a"#b\'}
           |                     ^^^^

    "##]],
    );
    check(
        OPERATION,
        "\"Time\": 5",
        "\"Tmie\": 5",
        &expect![[r##"
            error: the answer has `Tmie`, which `response` does not list
               --> api-spec/2020-02-02/operations/match.yaml:100:5
                |
            100 |     {"RequestId": "\"#", "Match": {"Async": [{"type": "a"}]}, "Tmie": 5}
                |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

        "##]],
    );
}

#[test]
fn constructors_cover_what_is_required() {
    check(
        OPERATION,
        ", waives: [type]",
        "",
        &expect![[r#"
        error: constructor `self` leaves out the required parameter `type`
          --> api-spec/2020-02-02/operations/match.yaml:74:12
           |
        74 |   - {name: self, summary: Is a keyword as well., parameters: [Self, async], set: {crate: true}}
           |            ^^^^
           |
           = help: take it, set it, or list it under `waives`

    "#]],
    );
}

#[test]
fn names_that_meet_in_rust_are_refused() {
    check(
        OPERATION,
        "{name: Num,",
        "{name: start,",
        &expect![[r#"
        error: `start` and `Start` are both `start` in Rust
          --> api-spec/2020-02-02/operations/match.yaml:56:12
           |
        56 |   - {name: start, in: form, type: int32, required: false, default: 10, summary: How many rows., source: made-up}
           |            ^^^^^

        error: unknown parameter `Num`
          --> api-spec/2020-02-02/operations/match.yaml:58:42
           |
        58 |   - sum_at_most: {parameters: {Start: 0, Num: 10}, limit: 500}
           |                                          ^^^

        error: unknown parameter `Num`
          --> api-spec/2020-02-02/operations/match.yaml:76:32
           |
        76 |   offset: {start: Start, size: Num, default_size: 10, window: 500}
           |                                ^^^

    "#]],
    );
    check(
        "2020-02-02/types.yaml",
        "name: Empty",
        "name: Vec",
        &expect![[r#"
        error: `Vec` is a name that generated code needs
          --> api-spec/2020-02-02/types.yaml:34:11
           |
        34 |   - name: Vec
           |           ^^^
           |
           = help: choose another; the names of types do not travel on the wire

    "#]],
    );
}

#[test]
fn what_is_said_of_the_emulator_must_be_true_and_whole() {
    let emulator = "emulator.yaml";
    for (old, new, expected) in [
        (
            "2020-02-02/Nothing: {}",
            "2020-02-02/Nothin: {}",
            "unknown operation `2020-02-02/Nothin`",
        ),
        ("2020-02-02/Nothing: {}", "", "nothing is said of the operation `2020-02-02/Nothing`"),
        ("answers: [Type, Dot", "answers: [Tipe, Dot", "unknown error code `Tipe`"),
        ("answers: [Type, Dot", "answers: [Old, Dot", "code `Old` occurs twice"),
        ("outcome: Stored", "outcome: stored", "outcome `stored` is no name of a type"),
        ("codes: ['403']", "codes: [Old]", "`Old` is answered by an operation"),
        ("source: made-up", "source: mad-up", "unknown source `mad-up`"),
    ] {
        let report = report(emulator, old, new);
        assert!(report.contains(expected), "{new}: {report}");
    }
}

#[test]
fn names_of_one_field_cannot_be_two_elsewhere() {
    let field = "      - {name: R2D2, type: double, summary: Has digits inside.}";
    let two = "      - {name: Match, type: double, summary: Is one.}\n      \
               - {name: 'quo\"ted', type: double, summary: Is the same.}";
    let report = report("2020-02-02/types.yaml", field, two);
    let expected = "`Match` and `quo\"ted` are elsewhere names of one field, `Match`";
    assert!(report.contains(expected), "{report}");
}

#[test]
fn all_mistakes_of_all_files_come_at_once() {
    let files =
        course().into_iter().filter(|(path, _)| path != "regions.yaml").map(|(path, text)| {
            let text = text
                .replace("http: [403]", "http: [403, 1403]")
                .replace("variant: Zero", "varint: Zero");
            (path, text.replace("method: GET", "method: PUT"))
        });
    let files = SourceFiles::from_iter(files);
    let mistakes = generate(&files).expect_err("there are mistakes");
    let titles: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
    let expected = [
        "file `api-spec/regions.yaml` is missing",
        "1403 is not an HTTP status",
        "unknown value `PUT`",
        "unknown key `varint`",
    ];
    assert_eq!(titles, expected);
}

#[test]
fn a_rate_is_one_or_goes_by_plans() {
    check(
        OPERATION,
        "per_second: 7",
        "per_second: 7, by_plan: [1]",
        &expect![[r#"
            error: `per_second` and `by_plan` exclude each other
              --> api-spec/2020-02-02/operations/match.yaml:14:47
               |
            14 | quota: {group: task, per_second: 7, by_plan: [1], text: seven a second., source: made-up, uncertain: Or eight.}
               |                                               ^

        "#]],
    );
    check(
        "2020-02-02/operations/nothing.yaml",
        "by_plan: [2, 40]",
        "by_plan: [40, 2]",
        &expect![[r#"
            error: 2 calls a second do not come after 40
             --> api-spec/2020-02-02/operations/nothing.yaml:8:58
              |
            8 | quota: {group: describe, per_second: null, by_plan: [40, 2], text: none, source: made-up}
              |                                                          ^
              |
              = help: begin with the smallest

        "#]],
    );
}
