//! Programs that the tasks need: found, installed, or pointed out with the command that brings them.

use crate::call::Call;
use crate::steps::Outcome;

pub(crate) fn has_nextest() -> bool {
    Call::line("cargo nextest --version").succeeds()
}

/// What `cargo xtask test` needs.
pub(crate) fn ensure_for_tests() -> Result<Outcome, String> {
    ensure("cargo fmt --version", "rustup component add rustfmt")?;
    ensure("cargo clippy --version", "rustup component add clippy")?;
    Ok(Outcome::Passed)
}

/// A nightly toolchain with the components named.
pub(crate) fn ensure_nightly(components: &[&str]) -> Result<(), String> {
    ensure(
        "cargo +nightly --version",
        "rustup toolchain install nightly --profile minimal",
    )?;
    if components.is_empty() {
        return Ok(());
    }
    Call::line("rustup component add --toolchain nightly")
        .args(components)
        .run()
}

/// A cargo subcommand from crates.io.
pub(crate) fn ensure_cargo_tool(package: &str, probe: &str) -> Result<(), String> {
    ensure(probe, &format!("cargo install --locked {package}"))
}

/// Runs `install` unless `probe` succeeds.
fn ensure(probe: &str, install: &str) -> Result<(), String> {
    if Call::line(probe).succeeds() {
        Ok(())
    } else {
        Call::line(install).run()
    }
}
