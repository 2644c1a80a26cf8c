//! Programs of others that judge what ours has written.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// What the program makes of this on its standard input; `None`, said loudly, where it is not
/// installed. The package that brings it is named.
///
/// # Panics
/// If it is not installed and has to be, or does not read.
#[must_use]
pub fn judged(program: &str, package: &str, mut command: Command, input: &[u8]) -> Option<Output> {
    let Ok(mut child) = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    else {
        let is_ci = std::env::var("CI").as_deref() == Ok("true");
        assert!(!is_ci, "{program} is not here: {package} brings it");
        eprintln!("SKIPPED: {program} is not here; {package} brings it");
        return None;
    };
    // both pipes at once: neither side waits for the other
    let mut stdin = child.stdin.take().expect("its stdin");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads");
    Some(output)
}

/// A Python that has what `cargo xtask test` installs; `None`, said loudly, where there is none.
///
/// # Panics
/// If there has to be one.
#[must_use]
pub fn python() -> Option<Command> {
    let python = std::env::var("OTELKIT_PYTHON").ok();
    if python.is_none() {
        let is_ci = std::env::var("CI").as_deref() == Ok("true");
        assert!(!is_ci, "OTELKIT_PYTHON is not set: run `cargo xtask test`");
        eprintln!("SKIPPED: OTELKIT_PYTHON is not set; `cargo xtask test` brings a Python");
    }
    python.map(Command::new)
}
