//! Each program of the project, run once.

use crate::call::{Call, root};
use crate::steps::Outcome;

pub(super) fn examples() -> Result<Outcome, String> {
    if !root().join("examples/resource-api").exists() {
        return Ok(Outcome::Skipped("there are no examples yet".to_owned()));
    }
    Call::line("cargo run --release -p resource-api -- import Cargo.lock").run()?;
    Call::line("cargo run --release -p resource-api -- load --seconds 2 --rate 100 --log json")
        .run()?;
    Ok(Outcome::Passed)
}

/// Crates with few dependencies and quick tests: all of them take an hour.
const SMALL_FOREIGN_CRATES: [&str; 3] = ["itoa", "semver", "slab"];

pub(super) fn foreign() -> Result<Outcome, String> {
    Call::line("cargo run -p otelkit-foreign --")
        .args(SMALL_FOREIGN_CRATES)
        .run()?;
    Ok(Outcome::Passed)
}

pub(super) fn benches() -> Result<Outcome, String> {
    if !root().join("benches").exists() {
        return Ok(Outcome::Skipped("there are no benchmarks yet".to_owned()));
    }
    Call::line("cargo xtask bench spans --quick").run()?;
    Call::line("cargo xtask bench metrics --quick").run()?;
    Call::line("cargo xtask bench logs --quick").run()?;
    Call::line("cargo xtask bench requests --quick").run()?;
    Call::line("cargo xtask bench scrapes --quick").run()?;
    Call::line("cargo xtask bench redaction --quick").run()?;
    Call::line("cargo xtask bench e2e --quick").run()?;
    // The dependencies of all libraries take a quarter of an hour to build; two show that it works.
    Call::line("cargo xtask bench compile --quick --library otelkit --library fastrace").run()?;
    Ok(Outcome::Passed)
}
