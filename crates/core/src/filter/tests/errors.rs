//! Messages, advice and places of the parser's errors.

use crate::filter::*;

fn error(text: &str) -> FilterError {
    match Filter::parse(text) {
        Ok(filter) => panic!("{text} parsed as {filter}"),
        Err(error) => error,
    }
}

/// Puts the place in brackets, which reads better than offsets.
fn marked(text: &str, error: &FilterError) -> String {
    let span = error.span();
    format!("{}[{}]{}", &text[..span.start], &text[span.clone()], &text[span.end..])
}

#[test]
fn points_at_the_mistake_and_says_what_to_write() {
    for (expected, message, help) in [
        ("[]", "the filter is empty", "leave the filter out"),
        (" \n[]", "the filter is empty", "leave the filter out"),
        // Fields.
        ("[int_atr]=1", "unknown field `int_atr`", "did you mean `int_attr`?"),
        ("[strAtr2]=\"\"", "unknown field `strAtr2`", "did you mean `str_attr2`?"),
        ("[IntAttr]=1", "unknown field `IntAttr`", "did you mean `int_attr`?"),
        ("[INT_ATTR3]=1", "unknown field `INT_ATTR3`", "did you mean `int_attr3`?"),
        ("[int-attr]=1", "unknown field `int-attr`", "did you mean `int_attr`?"),
        ("[price]=1", "unknown field `price`", "the fields are int_attr, int_attr2"),
        ("[价格]=1", "unknown field `价格`", "the fields are int_attr"),
        ("[100]<=int_attr", "expected a field, found `100`", "write the field first"),
        ("[NOT] int_attr=1", "`NOT` is only allowed in `not in`", "turn the operator around"),
        ("int_attr=1 AND []", "expected a comparison, found the end of the filter", "such as"),
        ("int_attr=1 AND [OR]", "expected a comparison, found `OR`", "such as"),
        ("([)]", "expected a comparison, found `)`", "such as"),
        // Operators.
        ("int_attr [==] 1", "unknown operator `==`", "did you mean `=`?"),
        ("str_attr[<>]\"a\"", "unknown operator `<>`", "did you mean `!=`?"),
        ("int_attr[=>]1", "unknown operator `=>`", "did you mean `>=`?"),
        ("int_attr[=<]1", "unknown operator `=<`", "did you mean `<=`?"),
        ("int_attr=1[&&]int_attr=2", "unknown operator `&&`", "did you mean `AND`?"),
        ("int_attr=1 [||] int_attr=2", "unknown operator `||`", "did you mean `OR`?"),
        ("[!]int_attr=1", "unknown operator `!`", "there is no negation"),
        ("int_attr[<=>]1", "unknown operator `<=>`", "the operators are"),
        ("int_attr[!=]1", "integer fields such as `int_attr` have no `!=`", "`<` and `>` joined"),
        ("str_attr[>]\"a\"", "string fields such as `str_attr` have no `>`", "use `=`, `!=`,"),
        ("int_attr [like] 1", "expected an operator after `int_attr`, found `like`", "`=`, `>`"),
        ("int_attr[]", "expected an operator after `int_attr`, found the end", "integer fields"),
        ("int_attr not [1]", "expected `in` after `not`, found `1`", "did you mean `not in`?"),
        // Values.
        ("int_attr=[\"5\"]", "expected an integer, found `\"5\"`", "write 5 without quotes"),
        ("int_attr=[\"red\"]", "expected an integer, found `\"red\"`", "holds whole numbers"),
        ("int_attr=[]", "expected an integer, found the end of the filter", "whole numbers"),
        ("int_attr=[1.5]", "`1.5` is not a whole number", "from -2147483648 to 2147483647"),
        ("int_attr=[1and] int_attr=2", "`1and` is not a whole number", "whole number from"),
        ("int_attr=[2147483648]", "number `2147483648` is out of range", "to 2147483647"),
        ("int_attr=[-2147483649]", "number `-2147483649` is out of range", "-2147483648"),
        ("int_attr=[-]", "`-` is not a whole number", "whole number from"),
        ("int_attr=[+]5", "unexpected `+`", "without a sign"),
        ("str_attr=[red]", "expected a double-quoted string, found `red`", "write \"red\""),
        ("str_attr=[5]", "expected a double-quoted string, found `5`", "write \"5\""),
        ("str_attr=['red'] ", "unexpected `'red'`", "in double quotes"),
        ("str_attr=[']red", "unexpected `'`", "in double quotes"),
        ("str_attr=[“]red”", "unexpected `“`", "in plain double quotes"),
        ("str_attr=[\"]red", "the string never ends", "closing `\"`"),
        ("str_attr=[\"]red\\", "the string never ends", "closing `\"`"),
        ("str_attr=\"a[\\n]\"", "unknown escape `\\n`", "as they are"),
        ("str_attr=\"a[\\红]\"", "unknown escape `\\红`", "as they are"),
        // Lists.
        ("int_attr in [()]", "the list is empty", "such as `int_attr in (1,2)`"),
        ("str_attr not in [( )]", "the list is empty", "`str_attr not in (\"red\",\"blue\")`"),
        ("int_attr in [1],2", "expected `(`, found `1`", "write the list as `int_attr in (1,2)`"),
        ("int_attr in (1 [2])", "expected `,` or `)`, found `2`", "separate values with `,`"),
        ("int_attr in (1,[)]", "expected an integer, found `)`", "whole numbers"),
        ("int_attr in [(]1", "the list never ends", "add the `)`"),
        ("int_attr=[(]1)", "expected an integer, found `(`", "whole numbers"),
        // Structure.
        ("int_attr=1 [int_attr]=2", "expected `AND` or `OR`, found `int_attr`", "join"),
        ("int_attr=1[,] int_attr=2", "a `,` only separates", "join comparisons"),
        ("int_attr=1[)]", "unmatched `)`", "remove it"),
        ("int_attr=1 OR [(]int_attr=1", "unclosed `(`", "add the `)`"),
        ("(int_attr=1 [int_attr]=2)", "expected `AND`, `OR` or `)`", "join comparisons"),
        ("[（]int_attr=1）", "unexpected `（`", "did you mean the ASCII character `(`?"),
        ("int_attr=1[;]", "unexpected `;`", "write one filter"),
        ("int_attr=1[\0]", "unexpected `\\0`", "expected a field"),
    ] {
        let text = expected.replacen('[', "", 1).replacen(']', "", 1);
        let error = error(&text);
        assert_eq!(marked(&text, &error), expected, "{error}");
        assert!(error.message().starts_with(message), "{expected}: {error}");
        assert!(error.help().contains(help), "{expected}: {error}");
    }
}

#[test]
fn shows_the_text_with_carets() {
    let filler = "int_attr=1 OR ".repeat(20);
    for (text, expected) in [
        (
            "str_attr=\"红色\" AND strattr=\"\"".to_owned(),
            "unknown field `strattr` at column 19\n  str_attr=\"红色\" AND strattr=\"\"\n  \
             \x20                 ^^^^^^^ did you mean `str_attr`?",
        ),
        (
            "int_attr=1\n\tAND \u{202e}x".to_owned(),
            "unexpected `\\u{202e}` at column 17\n  int_attr=1\\n\\tAND \\u{202e}x\n  \
             \x20                 ^^^^^^^^ expected a field, an operator, a value or a parenthesis",
        ),
        (
            "int_attr=".to_owned(),
            "expected an integer, found the end of the filter at column 10\n  int_attr=\n  \
             \x20        ^ `int_attr` holds whole numbers",
        ),
        (
            format!("{filler}x=1 OR {filler}"),
            "unknown field `x` at column 281\n  \
             ... OR int_attr=1 OR int_attr=1 OR x=1 OR int_attr=1 OR int_attr=1 OR in...\n  \
             \x20                                  ^ the fields are int_attr, int_attr2, \
             int_attr3, int_attr4, str_attr, str_attr2, str_attr3, str_attr4",
        ),
    ] {
        assert_eq!(error(&text).to_string(), expected);
    }
}

#[test]
fn cuts_what_would_not_fit_a_message() {
    let name = "x".repeat(10_000);
    let error = error(&name);
    assert_eq!(error.message(), format!("unknown field `{}...`", "x".repeat(40)));
    assert!(error.to_string().len() < 500, "{error}");
    assert_eq!(error.span(), 0..10_000);
}

#[test]
fn limits_nesting_and_length() {
    let nested = |depth| format!("{}int_attr=1{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(Filter::parse(&nested(Filter::MAX_NESTING)), Ok(int_attr().eq(1)));
    let deeper = error(&nested(Filter::MAX_NESTING + 1));
    assert_eq!(deeper.message(), "parentheses are nested more than 64 deep");
    assert_eq!(deeper.span(), 64..65);
    // Refused at the same place however deep it goes: the recursion stops there.
    assert_eq!(error(&nested(30_000)).span(), 64..65);

    let longest = format!("int_attr=1{}", " ".repeat(Filter::MAX_PARSED_BYTES - 10));
    assert_eq!(Filter::parse(&longest), Ok(int_attr().eq(1)));
    let longer = error(&format!("{longest} "));
    assert_eq!(longer.message(), "the filter has 65537 bytes, at most 65536 are parsed");
    assert_eq!(longer.column(), 1);
}
