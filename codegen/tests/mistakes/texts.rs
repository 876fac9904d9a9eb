//! Mistakes in what users read: examples, setters and the advice for error codes.

use expect_test::expect;

use super::{OPERATION, check, report};

#[test]
fn examples_read_fields_of_the_answer() {
    check(
        OPERATION,
        "Match.Async.type",
        "Match.Asinc.type",
        &expect![[r#"
        error: no field `Asinc` in `Match.Asinc.type`
          --> api-spec/2020-02-02/operations/match.yaml:98:11
           |
        98 |   reads: [Match.Asinc.type, Match.Async.Self, Time, Box]
           |           ^^^^^^^^^^^^^^^^ did you mean `Async`?

    "#]],
    );
    check(
        OPERATION,
        "Match.Async.type",
        "Time.type",
        &expect![[r#"
        error: `Time` in `Time.type` has no fields
          --> api-spec/2020-02-02/operations/match.yaml:98:11
           |
        98 |   reads: [Time.type, Match.Async.Self, Time, Box]
           |           ^^^^^^^^^

    "#]],
    );
    check(
        OPERATION,
        "[Match.Async.type, Match.Async.Self, Time, Box]",
        "[]",
        &expect![[r##"
        error: an example reads something of the answer
           --> api-spec/2020-02-02/operations/match.yaml:100:5
            |
        100 |     {"RequestId": "\"#", "Match": {"Async": [{"type": "a"}]}, "Time": 5}
            |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            |
            = help: name fields under `reads`, such as `Auctions.ProductId`

    "##]],
    );
}

#[test]
fn setters_do_not_collide() {
    check(
        OPERATION,
        "name: ItemCount",
        "name: SetStart",
        &expect![[r#"
        error: the setters of `Start` include `set_start`
          --> api-spec/2020-02-02/operations/match.yaml:53:12
           |
        53 |   - {name: SetStart, in: form, type: score_threshold, required: false, summary: Is named like another., source: made-up}
           |            ^^^^^^^^

        error: unknown parameter `ItemCount`
          --> api-spec/2020-02-02/operations/match.yaml:95:127
           |
        95 | ...: n2=1, New: 'https://example.com/a.jpg', Clone: '1,2,3,4', ItemCount: '0.50', Id: 5}
           |                                                                ^^^^^^^^^

        error: `ItemCount` does not travel in the form
          --> api-spec/2020-02-02/operations/match.yaml:97:110
           |
        97 |   form: {Self: '1', '2ndNumber': '-1', Parameters: n2=1, New: 'https://example.com/a.jpg', Clone: '1,2,3,4', ItemCount: '0.50', Id: ...
           |                                                                                                              ^^^^^^^^^

    "#]],
    );
}

#[test]
fn advice_names_the_numbers_of_the_limits() {
    let advise = |advice: &str| {
        report("2020-02-02/errors.yaml", "advice: ''", &format!("advice: '{advice}'"))
    };
    expect![[r#"
        error: `Type` has no limit of 300
         --> api-spec/2020-02-02/errors.yaml:2:120
          |
        2 | ...ng: 'A keyword, once it is in lower case.', advice: 'Send at most 20 of 300.', retry: never, source: made-up}
          |                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: its limits are 1, 2, 9, 10, 20, 500, 1024

        error: `Type` is silent about its limit of 500
         --> api-spec/2020-02-02/errors.yaml:2:120
          |
        2 | ...ng: 'A keyword, once it is in lower case.', advice: 'Send at most 20 of 300.', retry: never, source: made-up}
          |                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: name the limits of all operations, or no number at all

    "#]].assert_eq(&advise("Send at most 20 of 300."));
    expect![[r#"
        error: `Type` is silent about its limit of 500
         --> api-spec/2020-02-02/errors.yaml:2:120
          |
        2 | ...eaning: 'A keyword, once it is in lower case.', advice: 'Send at most 20.', retry: never, source: made-up}
          |                                                            ^^^^^^^^^^^^^^^^^^
          |
          = help: name the limits of all operations, or no number at all

    "#]].assert_eq(&advise("Send at most 20."));
    assert_eq!(advise("Send at most 500, 1,024 or 20 of 32 bits."), "");
}
