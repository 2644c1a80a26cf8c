//! The program while it runs: what it says on stderr, what it answers, and its end.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStderr, Command, Stdio};

use super::Run;

/// The program, started and not awaited; killed if the test forgets it.
pub(crate) struct Running {
    child: Option<Child>,
    stderr: Lines<BufReader<ChildStderr>>,
    said: String,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stderr = child.stderr.take().expect("its stderr");
        Self {
            child: Some(child),
            stderr: BufReader::new(stderr).lines(),
            said: String::new(),
        }
    }

    /// Waits for the line on stderr that begins like this, and gives the rest of it.
    #[track_caller]
    pub(crate) fn says(&mut self, beginning: &str) -> String {
        for line in self.stderr.by_ref() {
            let line = line.expect("stderr is UTF-8");
            self.said.push_str(&line);
            self.said.push('\n');
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
        panic!("the program never said `{beginning}`:\n{}", self.said)
    }

    /// Where it answers a Prometheus: `host:port`.
    #[track_caller]
    pub(crate) fn endpoint(&mut self) -> String {
        let url = self.says("metrics: ");
        let address = url.strip_prefix("http://").expect("a URL");
        let address = address.strip_suffix("/metrics").expect("the usual path");
        address.to_owned()
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// Sends a signal by its name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -{name} {}", self.id())])
            .status()
            .expect("a shell");
        assert!(sent.success());
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Run {
        let child = self.child.take().expect("it runs");
        let mut run = Run::from(child.wait_with_output().expect("it ends"));
        run.stderr = std::mem::take(&mut self.said);
        for line in self.stderr.by_ref() {
            run.stderr.push_str(&line.expect("stderr is UTF-8"));
            run.stderr.push('\n');
        }
        run
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
