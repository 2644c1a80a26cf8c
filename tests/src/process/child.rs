//! Child processes that play one scenario each.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A child that takes longer hangs. What it does takes seconds, or is a build on a busy machine.
const LONGEST: Duration = Duration::from_secs(600);

/// What became of a child process.
#[derive(Debug)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// Everything it and its children wrote to standard output.
    pub stdout: String,
    /// Everything they wrote to standard error.
    pub stderr: String,
}

/// Prints a fact for the test that started this process.
pub fn tell(key: &str, value: impl std::fmt::Display) {
    println!("{key}={value}");
}

/// Runs a command to its end, and that of all who share its output.
///
/// # Panics
/// If it cannot be started, or hangs; it is killed then.
#[track_caller]
pub fn run(command: &mut Command) -> Finished {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stdout = read_to_end(child.stdout.take());
    let stderr = read_to_end(child.stderr.take());
    let Ok(out) = stdout.recv_timeout(LONGEST) else {
        // it may have ended already
        let _ = child.kill();
        let so_far = stderr.recv_timeout(Duration::from_secs(1));
        panic!("{command:?} hangs; standard error: {so_far:?}");
    };
    Finished {
        status: child.wait().expect("a child can be waited for"),
        stdout: out,
        stderr: stderr.recv_timeout(LONGEST).unwrap_or_default(),
    }
}

fn read_to_end(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // a broken pipe ends the text like its end
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

impl Finished {
    /// What the child told; of a key told twice, the last value.
    #[must_use]
    pub fn facts(&self) -> BTreeMap<&str, &str> {
        let lines = self.stdout.lines();
        lines.filter_map(|line| line.split_once('=')).collect()
    }

    /// One fact.
    ///
    /// # Panics
    /// If the child did not tell it.
    #[track_caller]
    #[must_use]
    pub fn fact(&self, key: &str) -> &str {
        let facts = self.facts();
        match facts.get(key) {
            Some(value) => value,
            None => panic!("the child did not tell `{key}`: {self:#?}"),
        }
    }

    /// One fact that is a number.
    ///
    /// # Panics
    /// If the child did not tell it, or it is no number.
    #[track_caller]
    #[must_use]
    pub fn number(&self, key: &str) -> u64 {
        let fact = self.fact(key);
        let number = fact.parse();
        number.unwrap_or_else(|_| panic!("`{key}` is `{fact}`, no number"))
    }

    /// The child itself, if it ended well.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    #[must_use]
    pub fn succeeded(self) -> Self {
        assert!(self.status.success(), "{self:#?}");
        self
    }
}
