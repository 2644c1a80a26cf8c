//! A command that can be run, and shown so that it can be pasted into a shell.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The workspace's root folder; every call starts there.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask stands in the workspace")
        .into()
}

/// Where cargo puts what it builds, for files of our own beside it.
pub(crate) fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// One command line.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    program: String,
    args: Vec<String>,
    envs: Vec<(String, String)>,
}

impl Call {
    pub(crate) fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            envs: Vec::new(),
        }
    }

    /// Parses a plain line: words parted by blanks, no quoting.
    pub(crate) fn line(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let program = words.next().expect("a command line names a program");
        Self::new(program).args(words)
    }

    /// A line for the shell, quotes and all.
    pub(crate) fn shell(line: &str) -> Self {
        Self::new("sh").args(["-c", line])
    }

    pub(crate) fn args<S: AsRef<str>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl Into<String>) -> Self {
        self.envs.push((key.to_owned(), value.into()));
        self
    }

    /// Runs with output shown; a failure names the line that repeats it.
    pub(crate) fn run(&self) -> Result<(), String> {
        println!("$ {self}");
        let status = self
            .command()
            .status()
            .map_err(|e| format!("cannot start `{self}`: {e}"))?;
        if status.success() {
            return Ok(());
        }
        let how = status
            .code()
            .map_or("by a signal".to_owned(), |code| format!("with {code}"));
        Err(format!("the command ended {how}; to repeat it:\n  {self}"))
    }

    /// Whether the command starts and succeeds; its output is not shown.
    pub(crate) fn succeeds(&self) -> bool {
        let quiet = self
            .command()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        quiet.is_ok_and(|status| status.success())
    }

    /// What the command prints, or `None` when it fails.
    pub(crate) fn output(&self) -> Option<String> {
        let output = self.command().stderr(Stdio::null()).output().ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).stdin(Stdio::null());
        command.current_dir(root());
        // Set by the `cargo run` that started this program; `cargo +nightly` must not inherit them.
        for leftover in [
            "CARGO",
            "RUSTC",
            "RUSTDOC",
            "RUSTUP_TOOLCHAIN",
            "LD_LIBRARY_PATH",
        ] {
            if self.args.first().is_some_and(|arg| arg.starts_with('+')) {
                command.env_remove(leftover);
            }
        }
        command.envs(
            self.envs
                .iter()
                .map(|(key, value)| (OsStr::new(key), OsStr::new(value))),
        );
        command
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (key, value) in &self.envs {
            write!(f, "{key}={} ", quoted(value))?;
        }
        f.write_str(&quoted(&self.program))?;
        self.args
            .iter()
            .try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

/// `word` as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:+,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_shown_as_a_shell_reads_it() {
        let call = Call::line("cargo test --doc")
            .env("RUSTFLAGS", "--cfg loom")
            .args(["it's"]);
        assert_eq!(
            call.to_string(),
            r"RUSTFLAGS='--cfg loom' cargo test --doc 'it'\''s'"
        );
    }

    #[test]
    fn a_failing_call_tells_how_to_repeat_it() {
        let message = Call::line("cargo no-such-task").run().unwrap_err();
        assert!(
            message.ends_with("to repeat it:\n  cargo no-such-task"),
            "{message}"
        );
    }
}
