//! `cargo xtask test`: everything a change must pass.

use crate::call::Call;
use crate::steps::{self, Outcome, Step};
use crate::tools;

const STEPS: &[Step] = &[
    Step::new(
        "tools",
        "what the next steps need is there",
        tools::ensure_for_tests,
    ),
    Step::new("format", "rustfmt finds nothing to change", format),
    Step::new("lints", "clippy, warnings denied, every feature", lints),
    Step::new("unit", "unit and integration tests", unit),
    Step::new("doc", "the examples in the documentation run", doc),
    Step::new("ui", "what the compiler tells a user", ui),
];

/// The crate of compiler-message tests: slow, and last.
const UI_TESTS: &str = "otelkit-ui-tests";

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    steps::run("test", STEPS, words)
}

fn format() -> Result<Outcome, String> {
    Call::line("cargo fmt --all --check").run()?;
    Ok(Outcome::Passed)
}

fn lints() -> Result<Outcome, String> {
    Call::line("cargo clippy --workspace --all-targets --all-features --quiet -- -D warnings")
        .run()?;
    Ok(Outcome::Passed)
}

fn unit() -> Result<Outcome, String> {
    let runner = if tools::has_nextest() {
        "cargo nextest run --no-tests=pass"
    } else {
        "cargo test --lib --bins --tests"
    };
    let ui = if has_ui_tests() {
        format!(" --exclude {UI_TESTS}")
    } else {
        String::new()
    };
    let scope = "--workspace --all-features --no-fail-fast";
    tests(&format!("{runner} {scope}{ui}"))
}

fn doc() -> Result<Outcome, String> {
    tests("cargo test --workspace --all-features --doc")
}

fn ui() -> Result<Outcome, String> {
    if !has_ui_tests() {
        return Ok(Outcome::Skipped("there is no ui-tests/ yet".to_owned()));
    }
    tests(&format!("cargo test -p {UI_TESTS}"))
}

/// Runs a line of tests, which find the receivers by a variable.
fn tests(line: &str) -> Result<Outcome, String> {
    let python = tools::python();
    let mut call = Call::line(line);
    if python.exists() {
        call = call.env(tools::PYTHON_VARIABLE, python.to_string_lossy());
    }
    call.run()?;
    Ok(Outcome::Passed)
}

fn has_ui_tests() -> bool {
    crate::call::root().join("ui-tests/Cargo.toml").exists()
}
