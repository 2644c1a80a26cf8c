//! Every file in `pass/` compiles and runs; every file in `fail/` gives the messages beside it.
//!
//! `TRYBUILD=overwrite cargo test -p otelkit-ui-tests` accepts new messages; look at the diff.

#[test]
fn the_compiler_says_what_is_expected() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*.rs");
}
