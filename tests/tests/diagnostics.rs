//! What a program with trouble says on standard error.

use std::process::Command;

use otelkit_tests::process::child::run;

/// The lines of a program that finds this `OTEL_LOG_LEVEL`.
fn lines(variant: &str, level: &str) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_subject"));
    command.args(["diagnostics", variant]);
    // no sampler takes this argument: a setting without effect
    command.env("OTEL_TRACES_SAMPLER_ARG", "1");
    let ended = run(command.env("OTEL_LOG_LEVEL", level)).succeeded();
    ended.stderr.lines().map(str::to_owned).collect()
}

fn assert_lines(lines: &[String], beginnings: &[&str]) {
    assert_eq!(lines.len(), beginnings.len(), "{lines:#?}");
    for (line, beginning) in lines.iter().zip(beginnings) {
        assert!(line.starts_with(beginning), "{beginning}: {lines:#?}");
    }
}

const INSTALLED: &str = "otelkit: installed: ";
const UNUSED: &str = "otelkit: OTEL_TRACES_SAMPLER_ARG has no effect";
const LOST: &str = "otelkit: telemetry was not delivered completely: 1 spans lost";
const ENDED: &str = "otelkit: ended: recorded 1";

#[test]
fn the_level_decides_which_lines_are_told() {
    let told = |level| lines("dropped-with-a-loss", level);
    assert_lines(&told("none"), &[]);
    assert_lines(&told("error"), &[LOST]);
    assert_lines(&told("warn"), &[UNUSED, LOST]);
    assert_lines(&told(""), &[UNUSED, LOST]);
    assert_lines(&told("DEBUG"), &[UNUSED, INSTALLED, ENDED, LOST]);
}

#[test]
fn exporters_keep_to_the_level_as_well() {
    assert_lines(&lines("full-disk", "none"), &[]);
    let trouble = "otelkit: cannot deliver spans and metrics to the given writer: ";
    assert_lines(&lines("full-disk", "error"), &[trouble]);
}
