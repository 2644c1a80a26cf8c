//! What a program with trouble says on standard error.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

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
    let trouble = "otelkit: cannot deliver telemetry to the given writer: ";
    assert_lines(&lines("full-disk", "error"), &[trouble]);
}

#[test]
fn what_is_observed_too_late_to_be_refused_is_told() {
    let conflict = "otelkit: the metric `oven.temperature` is declared with one unit at ";
    assert_lines(&lines("observed-late", "warn"), &[UNUSED, conflict]);
}

#[test]
fn what_a_source_cannot_give_is_told_once() {
    let refused =
        "otelkit: `breads` of `subject::diagnostics::Deltas` is refused: its points are deltas";
    assert_lines(&lines("refused", "warn"), &[UNUSED, refused]);
}

#[test]
fn nobody_waits_for_who_reads_what_is_told() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_subject"));
    command.args(["diagnostics", "told-more-than-a-pipe-holds"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Nothing of standard error is read before the program says that it has gone on.
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "went=on\n");
    drop(child.stdin.take());
    let mut told = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut told).unwrap();
    assert!(child.wait().unwrap().success());
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains("is exported as")));
}
