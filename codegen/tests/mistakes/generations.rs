//! Mistakes that only the older generations of an API make possible.

use expect_test::expect;
use imagesearch_codegen::{generate, source::SourceFiles};

use super::{OPERATION, check, course};

/// A file of the older generation, whose operation sends a body with a caret.
const STORE: &str = "2001-01-01/operations/store.yaml";

#[test]
fn what_a_caret_body_needs_is_there() {
    check(
        STORE,
        "in: caret, type: string, required: true",
        "in: form, type: string, required: true",
        &expect![[r#"
            error: `self` is missing from the form of the example
              --> api-spec/2001-01-01/operations/store.yaml:13:12
               |
            13 |   - {name: self, in: form, type: string, required: true, summary: Cannot be raw., source: made-up}
               |            ^^^^

            error: an operation has either a form or a `^` body
              --> api-spec/2001-01-01/operations/store.yaml:13:22
               |
            13 |   - {name: self, in: form, type: string, required: true, summary: Cannot be raw., source: made-up}
               |                      ^^^^

        "#]],
    );
    check(
        STORE,
        "required: false, default: '', always_sent: true, summary",
        "required: false, always_sent: true, summary",
        &expect![[r#"
            error: `always_sent` needs a `default`, which is what is sent
              --> api-spec/2001-01-01/operations/store.yaml:14:73
               |
            14 |   - {name: type, in: caret, type: string, required: false, always_sent: true, summary: Is sent when it is not set., source: made-up}
               |                                                                         ^^^^

        "#]],
    );
    check(
        STORE,
        "  caret: |\n    self,0,1^a\"#\n",
        "",
        &expect![[r#"
        error: the example lacks `caret`, the body that its parameters become
          --> api-spec/2001-01-01/operations/store.yaml:13:12
           |
        13 |   - {name: self, in: caret, type: string, required: true, summary: Cannot be raw., source: made-up}
           |            ^^^^

    "#]],
    );
    check(
        STORE,
        "in: caret, type: inline_image",
        "in: caret, type: image",
        &expect![[r#"
        error: the `^` body carries pictures themselves, not their addresses
          --> api-spec/2001-01-01/operations/store.yaml:36:40
           |
        36 |   - {name: searchPic, in: caret, type: image, required: false, summary: A picture in a body., example: AAEC, source: made-up}
           |                                        ^^^^^
           |
           = help: write `type: inline_image`

    "#]],
    );
}

#[test]
fn pictures_of_examples_are_base64() {
    check(
        STORE,
        "{a b.png: AAEC, ",
        "{a b.png: AAE, ",
        &expect![[r#"
        error: picture `a b.png` of `match` is not Base64
          --> api-spec/2001-01-01/operations/store.yaml:43:12
           |
        43 |     match: {a b.png: AAE, 'c"d.png': AwQF}
           |            ^

    "#]],
    );
    check(
        STORE,
        "list: [a, 'b\"c']",
        "list: a",
        &expect![[r#"
        error: `a` is not a list of names
          --> api-spec/2001-01-01/operations/store.yaml:44:11
           |
        44 |     list: a
           |           ^

    "#]],
    );
    check(
        STORE,
        "match: {a b.png: AAEC, 'c\"d.png': AwQF}",
        "match: {}",
        &expect![[r#"
        error: `match` has 0 entries, not at least 1
          --> api-spec/2001-01-01/operations/store.yaml:43:12
           |
        43 |     match: {}
           |            ^

    "#]],
    );
}

#[test]
fn generations_agree() {
    check(
        STORE,
        "[Match, Nothing]",
        "[Match, Nothin]",
        &expect![[r#"
        error: unknown operation `Nothin`
         --> api-spec/2001-01-01/operations/store.yaml:6:22
          |
        6 | replaced_by: [Match, Nothin]
          |                      ^^^^^^ did you mean `Nothing`?

    "#]],
    );
    check(
        OPERATION,
        "method: POST",
        "method: POST\nreplaced_by: [Nothing]",
        &expect![[r#"
        error: nothing replaces an operation of 2020-02-02, the newest
          --> api-spec/2020-02-02/operations/match.yaml:11:15
           |
        11 | replaced_by: [Nothing]
           |               ^^^^^^^

    "#]],
    );
    check(
        "2001-01-01/errors.yaml",
        "retry: never",
        "retry: clock",
        &expect![[r#"
            error: `Type` has another `retry` in another table
             --> api-spec/2001-01-01/errors.yaml:3:12
              |
            3 |   - {code: Type, about: parameter, http: [409, 400], messages: [said otherwise], meaning: Is described by the newer table., advice: N...
              |            ^^^^
              |
              = help: tables of all generations are merged; let them agree, or keep one

        "#]],
    );
}

#[test]
fn older_generations_of_one_year_are_refused() {
    // What is said of the emulator would lack the operations of the twin.
    let course = || course().into_iter().filter(|(path, _)| path != "emulator.yaml");
    let older = course().filter(|(path, _)| path.starts_with("2001-01-01/"));
    let twin: Vec<_> = older
        .map(|(path, text)| {
            (path.replace("2001-01-01", "2001-07-07"), text.replace("2001-01-01", "2001-07-07"))
        })
        .collect();
    let files = SourceFiles::from_iter(course().chain(twin));
    let mistakes = generate(&files).expect_err("two versions have one module");
    let titles: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
    assert_eq!(titles, ["`2001-07-07` and `2001-01-01` are both `v2001` in Rust"]);
}
