//! Mistakes in filters that the compiler reports.

#[test]
fn a_string_does_not_compare_with_an_integer_field() {
    trybuild::TestCases::new().compile_fail("tests/filter_types/*.rs");
}
