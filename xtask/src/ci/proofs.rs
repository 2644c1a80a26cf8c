//! What no ordinary test run can show: interleavings, undefined behaviour, hostile input.

use crate::call::{Call, root, target_dir};
use crate::steps::Outcome;
use crate::tools;

/// Modules of the runtime that hold `unsafe` code or feed it, and whether they may leak: what a
/// user's formatting panics with is leaked on purpose, since dropping it could panic again, and so
/// are the cells of instruments, which live as long as these statics.
///
/// `install::` is the whole way of a span, whose registry of rings lives as long as the process and
/// whose records refer to Sites by their address.
const UNDER_MIRI: [(&str, &str); 3] = [
    (
        "context::current:: context::id:: context::carried::store::tests::threads record:: ring:: site::",
        "-Zmiri-disable-isolation",
    ),
    (
        "metric::open:: metric::tests:: value::",
        "-Zmiri-disable-isolation -Zmiri-ignore-leaks",
    ),
    (
        "install::",
        "-Zmiri-disable-isolation -Zmiri-ignore-leaks -Zmiri-permissive-provenance",
    ),
];

/// All fuzz targets together.
const FUZZ_SECONDS: usize = 60;

pub(super) fn loom() -> Result<Outcome, String> {
    // A folder of its own: the flag would otherwise have everything built again, twice.
    Call::line("cargo test -p otel-runtime --no-default-features --lib -- loom")
        .env("RUSTFLAGS", "--cfg loom")
        .env(
            "CARGO_TARGET_DIR",
            target_dir().join("loom").to_string_lossy(),
        )
        .run()?;
    Ok(Outcome::Passed)
}

pub(super) fn optimised() -> Result<Outcome, String> {
    Call::line("cargo test --release -p otelkit-ui-tests --test stack").run()?;
    Ok(Outcome::Passed)
}

pub(super) fn lines() -> Result<Outcome, String> {
    // One after the other: each floods all that the machine has.
    Call::line("cargo test --release -p otel-runtime --no-default-features --features lines")
        .args([
            "--test",
            "lines_lost",
            "--",
            "--ignored",
            "--test-threads=1",
        ])
        .run()?;
    Ok(Outcome::Passed)
}

pub(super) fn miri() -> Result<Outcome, String> {
    tools::ensure_nightly(&["miri", "rust-src"])?;
    for (modules, flags) in UNDER_MIRI {
        Call::line("cargo +nightly miri test -p otel-runtime --no-default-features --lib --")
            .args(modules.split(' '))
            .env("MIRIFLAGS", flags)
            .env(
                "CARGO_TARGET_DIR",
                target_dir().join("miri").to_string_lossy(),
            )
            .run()?;
    }
    Ok(Outcome::Passed)
}

pub(super) fn fuzz() -> Result<Outcome, String> {
    if !root().join("fuzz/Cargo.toml").exists() {
        return Ok(Outcome::Skipped("there is no fuzz/ yet".to_owned()));
    }
    tools::ensure_nightly(&[])?;
    tools::ensure_cargo_tool("cargo-fuzz", "cargo fuzz --version")?;
    let list = Call::line("cargo +nightly fuzz list")
        .output()
        .ok_or("`cargo fuzz list` failed")?;
    let targets: Vec<&str> = list.split_whitespace().collect();
    if targets.is_empty() {
        return Err("fuzz/ has no targets".to_owned());
    }
    let seconds = FUZZ_SECONDS.div_ceil(targets.len());
    for target in targets {
        Call::line(&format!(
            "cargo +nightly fuzz run {target} -- -max_total_time={seconds} -verbosity=0"
        ))
        .run()?;
    }
    Ok(Outcome::Passed)
}
