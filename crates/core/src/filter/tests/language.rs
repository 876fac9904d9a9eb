//! Builder, parser, printer, check and evaluation on tables.

use crate::filter::*;

const DELETE: AllowedOperators = AllowedOperators {
    integer: &[
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Equal,
    ],
    string: &[Operator::Equal, Operator::NotEqual],
};

fn parse(text: &str) -> Filter {
    Filter::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn prints_one_form_of_what_it_parses() {
    for (text, printed) in [
        // The example of the documentation, and its sample with the other names.
        (r#"int_attr=1000 AND str_attr="value1""#, r#"int_attr=1000 AND str_attr="value1""#),
        (r#"intAttr = 1000 AND strAttr2="x""#, r#"int_attr=1000 AND str_attr2="x""#),
        // Spaces and the case of keywords.
        ("  int_attr>=1\tand\nint_attr<=-2  ", "int_attr>=1 AND int_attr<=-2"),
        ("int_attr>1 Or int_attr<1", "int_attr>1 OR int_attr<1"),
        ("int_attr2 NOT In(1 , 2,3)", "int_attr2 not in (1,2,3)"),
        (r#"str_attr IN ("a")"#, r#"str_attr in ("a")"#),
        // Precedence, and parentheses only where needed.
        ("int_attr=1 OR int_attr=2 AND int_attr=3", "int_attr=1 OR int_attr=2 AND int_attr=3"),
        ("(int_attr=1 OR int_attr=2) AND int_attr=3", "(int_attr=1 OR int_attr=2) AND int_attr=3"),
        ("int_attr=1 OR (int_attr=2 AND (int_attr=3))", "int_attr=1 OR int_attr=2 AND int_attr=3"),
        (
            "int_attr=1 AND (int_attr=2 OR (int_attr=3 OR int_attr=4 AND int_attr=5))",
            "int_attr=1 AND (int_attr=2 OR int_attr=3 OR int_attr=4 AND int_attr=5)",
        ),
        // Numbers at the limits, and strings with everything in them.
        ("int_attr=-2147483648", "int_attr=-2147483648"),
        ("int_attr=2147483647", "int_attr=2147483647"),
        ("int_attr=-0 AND int_attr=007", "int_attr=0 AND int_attr=7"),
        (r#"str_attr="\"\\ 'AND' (红)""#, r#"str_attr="\"\\ 'AND' (红)""#),
        (r#"str_attr!="""#, r#"str_attr!="""#),
        ("str_attr=\"a\nb\"", "str_attr=\"a\nb\""),
    ] {
        assert_eq!(parse(text).to_string(), printed, "{text}");
    }
}

#[test]
fn knows_every_field_by_both_names() {
    for field in FIELDS {
        let value = if field.kind == FieldKind::Integer { "1" } else { "\"1\"" };
        for name in [field.name, field.camel_name] {
            let filter = parse(&format!("{name}={value}"));
            assert_eq!(filter.to_string(), format!("{}={value}", field.name));
        }
    }
}

#[test]
fn builds_what_it_parses() {
    for (built, text) in [
        (int_attr().eq(1), "int_attr=1"),
        (int_attr2().gt(1), "int_attr2>1"),
        (int_attr3().ge(1), "int_attr3>=1"),
        (int_attr4().lt(-1), "int_attr4<-1"),
        (int_attr().le(1), "int_attr<=1"),
        (int_attr().is_in([1]), "int_attr in (1)"),
        (int_attr().not_in(vec![1, 2]), "int_attr not in (1,2)"),
        (str_attr().eq("a"), r#"str_attr="a""#),
        (str_attr2().ne(String::from("a")), r#"str_attr2!="a""#),
        (str_attr3().is_in(["a", "b"]), r#"str_attr3 in ("a","b")"#),
        (str_attr4().not_in(["\""]), r#"str_attr4 not in ("\"")"#),
    ] {
        assert_eq!(parse(text), built);
        assert_eq!(built.to_string(), text);
    }
}

#[test]
fn a_borrowed_field_builds_filters_too() {
    for field in &[int_attr(), int_attr2()] {
        assert_eq!(field.eq(1).to_string(), format!("{field}=1"));
        assert_eq!(field.lt(1).to_string(), format!("{field}<1"));
    }
}

#[test]
fn chains_are_flat_from_either_side() {
    let [a, b, c] = [1, 2, 3].map(|value| int_attr().eq(value));
    let left = (a.clone() & b.clone()) & c.clone();
    let right = a.clone() & (b.clone() & c.clone());
    assert_eq!(left, right);
    assert_eq!(left, a.clone().and(b.clone()).and(c.clone()));
    assert_eq!((a.clone() | b.clone()) | c.clone(), a.clone().or(b.clone().or(c.clone())));
    assert_ne!((a.clone() & b.clone()) | c.clone(), a & (b | c));
}

#[test]
fn raw_text_is_kept_and_wrapped_when_joined() {
    let raw = || Filter::raw("a OR b");
    for (filter, printed) in [
        (raw(), "a OR b"),
        (raw() & int_attr().eq(1), "(a OR b) AND int_attr=1"),
        (int_attr().eq(1) | raw(), "int_attr=1 OR (a OR b)"),
        (int_attr().eq(1) & (raw() | raw()), "int_attr=1 AND ((a OR b) OR (a OR b))"),
    ] {
        assert_eq!(filter.to_string(), printed);
        assert!(filter.is_raw());
        assert_eq!(filter.matches(&AttributeSet::new()), None);
        assert_eq!(filter.check(&DELETE), []);
    }
    assert_eq!((raw() & int_attr().eq(1)).comparisons().count(), 1);
    assert!(!int_attr().eq(1).is_raw());
}

#[test]
fn evaluates_each_operator() {
    let image = AttributeSet::new().with_integer(int_attr(), 5).with_string(str_attr(), "red");
    for (text, expected) in [
        ("int_attr=5", true),
        ("int_attr=4", false),
        ("int_attr>5", false),
        ("int_attr>4", true),
        ("int_attr>=5", true),
        ("int_attr>=6", false),
        ("int_attr<5", false),
        ("int_attr<6", true),
        ("int_attr<=5", true),
        ("int_attr<=4", false),
        ("int_attr in (4,5)", true),
        ("int_attr in (4)", false),
        ("int_attr not in (4)", true),
        ("int_attr not in (4,5)", false),
        (r#"str_attr="red""#, true),
        (r#"str_attr="Red""#, false),
        (r#"str_attr!="red""#, false),
        (r#"str_attr!="blue""#, true),
        (r#"str_attr in ("blue","red")"#, true),
        (r#"str_attr not in ("blue","red")"#, false),
        // The image has none of these.
        ("int_attr2=0", false),
        ("int_attr2 not in (1)", false),
        (r#"str_attr2!="a""#, false),
        (r#"str_attr2 not in ("a")"#, false),
        ("int_attr=1 OR int_attr=2", false),
        ("int_attr=5 AND int_attr=2", false),
        // AND before OR.
        ("int_attr=5 OR int_attr=1 AND int_attr=2", true),
        ("(int_attr=5 OR int_attr=1) AND int_attr=2", false),
        ("(int_attr=1 OR int_attr=2) AND int_attr=5 OR int_attr<9", true),
    ] {
        assert_eq!(parse(text).matches(&image), Some(expected), "{text}");
    }
    let large = AttributeSet::new().with_integer(int_attr(), i64::MAX);
    assert_eq!(int_attr().gt(i32::MAX).matches(&large), Some(true));
    let dynamic: &dyn Attributes = &large;
    assert_eq!(int_attr().is_in([]).matches(dynamic), Some(false));
}

#[test]
fn check_names_clause_column_and_what_is_supported() {
    let filter = int_attr().is_in([1, 2])
        & (str_attr().eq("红") | str_attr2().not_in(["a"]))
        & int_attr2().is_in([]);
    let found: Vec<String> = filter.check(&DELETE).iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "operator `in` in `int_attr in (1,2)` at column 1 is not supported by this operation: \
             use `>`, `>=`, `<`, `<=` or `=`, one comparison a value, joined with OR",
            "operator `not in` in `str_attr2 not in (\"a\")` at column 40 is not supported by \
             this operation: use `=` or `!=`",
            "operator `in` in `int_attr2 in ()` at column 68 is not supported by this operation: \
             use `>`, `>=`, `<`, `<=` or `=`, one comparison a value, joined with OR",
        ]
    );
    let found = filter.check(&AllowedOperators::LANGUAGE);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].clause(), "int_attr2 in ()");
    assert_eq!(found[0].column(), 68);
    assert_eq!(found[0].operator(), None);
    assert_eq!(
        found[0].to_string(),
        "the list in `int_attr2 in ()` at column 68 is empty: give at least one value"
    );
    assert_eq!(Filter::raw(" \n").check(&DELETE).len(), 1);
    let none = AllowedOperators { integer: &[], string: &[] };
    assert_eq!(int_attr().eq(1).check(&none).len(), 1);
}

#[test]
fn long_chains_and_deep_trees_need_no_stack() {
    let work = || {
        let clause = |value| int_attr().eq(value);
        let appended = (0..100_000).map(clause).reduce(|chain, next| chain & next);
        let prepended = (0..100_000).rev().map(clause).reduce(|chain, next| next & chain);
        assert_eq!(appended, prepended);
        let image = AttributeSet::new().with_integer(int_attr(), 5);
        assert_eq!(appended.and_then(|filter| filter.matches(&image)), Some(false));

        // 5 OR (4 AND (3 OR (2 AND ..))): each level is a group of its own.
        let deep = (0..100_000).fold(int_attr().eq(5), |inner, level| {
            if level % 2 == 0 { clause(5) & inner } else { clause(level) | inner }
        });
        assert_eq!(deep.clone(), deep);
        assert_eq!(deep.to_string().matches('(').count(), 49_999);
        assert_eq!(deep.check(&DELETE), []);
        assert_eq!(deep.matches(&image), Some(true));
    };
    // A tenth of what a thread usually has: recursion for each level would overflow it.
    let thread = std::thread::Builder::new().stack_size(200 * 1024).spawn(work);
    assert!(thread.expect("a thread starts").join().is_ok());
}

#[test]
fn joins_lists_of_filters() {
    let clauses = || [1, 2, 3].map(|value| int_attr().eq(value));
    let [a, b, c] = clauses();
    assert_eq!(Filter::all_of(clauses()), Some(a.clone() & b.clone() & c.clone()));
    assert_eq!(Filter::any_of(clauses()), Some(a | b | c));
    assert_eq!(Filter::any_of([]), None);
}

#[test]
fn counts_characters_and_not_bytes() {
    for (filter, expected) in [
        (int_attr().eq(1), 10),
        (str_attr().eq("红色"), 13),
        (str_attr().eq("\""), 13),
        (Filter::raw("é"), 1),
    ] {
        assert_eq!(filter.char_count(), expected, "{filter}");
    }
}
