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
    let ui = if has_ui_tests() {
        format!(" --exclude {UI_TESTS}")
    } else {
        String::new()
    };
    if tools::has_nextest() {
        let line = "cargo nextest run --workspace --all-features --no-tests=pass --no-fail-fast";
        Call::line(&format!("{line}{ui}")).run()?;
    } else {
        let line = "cargo test --workspace --all-features --lib --bins --tests --no-fail-fast";
        Call::line(&format!("{line}{ui}")).run()?;
    }
    Ok(Outcome::Passed)
}

fn doc() -> Result<Outcome, String> {
    Call::line("cargo test --workspace --all-features --doc").run()?;
    Ok(Outcome::Passed)
}

fn ui() -> Result<Outcome, String> {
    if !has_ui_tests() {
        return Ok(Outcome::Skipped("there is no ui-tests/ yet".to_owned()));
    }
    Call::line(&format!("cargo test -p {UI_TESTS}")).run()?;
    Ok(Outcome::Passed)
}

fn has_ui_tests() -> bool {
    crate::call::root().join("ui-tests/Cargo.toml").exists()
}
