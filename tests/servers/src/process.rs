//! A server's process, from its start to its end.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A port of 127.0.0.1 that nobody has at the moment.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("a socket has an address");
    address.port()
}

/// A process that is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts the program, its output going to `log`; `None` if it is not installed, which is said.
    ///
    /// # Panics
    /// If it cannot be started though it is there, or is not there under `CI`.
    pub(crate) fn start(command: &mut Command, log: &Path, package: &str) -> Option<Self> {
        let log = File::create(log).expect("a log can be written");
        let also = log.try_clone().expect("a file can be written to twice");
        let started = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(also)
            .spawn();
        match started {
            Ok(child) => Some(Self { child }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
                let program = command.get_program();
                assert!(
                    !is_ci,
                    "{program:?} is missing: `apt-get install {package}`"
                );
                eprintln!("SKIPPED: {program:?} is missing: `apt-get install {package}`");
                None
            }
            Err(error) => panic!("{command:?}: {error}"),
        }
    }

    /// Waits until somebody listens there; false if the process has ended before.
    pub(crate) fn listens(&mut self, port: u16) -> bool {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        loop {
            if TcpStream::connect(address).is_ok() {
                return true;
            }
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
