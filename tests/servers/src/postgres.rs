//! PostgreSQL.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::account::{Account, run};
use crate::process::{Process, free_port};

const PACKAGE: &str = "postgresql";
/// Another process may take a port between the question and the start.
const ATTEMPTS: usize = 5;

/// One server, with the database `postgres` of the user `postgres`, who needs no password.
#[derive(Debug)]
pub struct Postgres {
    // In this order: the process ends before its directory goes.
    process: Process,
    _directory: TempDir,
    port: u16,
}

impl Postgres {
    /// Starts a server; `None` if there is none on this machine.
    ///
    /// # Panics
    /// If it does not start, or is missing under `CI`.
    #[must_use]
    pub fn start() -> Option<Self> {
        let account = Account::of("postgres");
        for _ in 0..ATTEMPTS {
            let directory = tempfile::tempdir().expect("a temporary directory");
            Account::owns(account, directory.path());
            let data = directory.path().join("data");
            let mut making = Command::new(program("initdb"));
            making
                .arg("-D")
                .arg(&data)
                .args(["-A", "trust", "-U", "postgres", "--no-sync"])
                .current_dir(directory.path());
            Account::takes(account, &mut making);
            let port = free_port();
            let mut command = Command::new(program("postgres"));
            command
                .arg("-D")
                .arg(&data)
                .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
                .args(["-c", "fsync=off", "-c", "unix_socket_directories="])
                .current_dir(directory.path());
            Account::takes(account, &mut command);
            let is_there = run(&mut making).is_some();
            let log = directory.path().join("log");
            let mut process = Process::start(&mut command, &log, PACKAGE)?;
            if is_there && process.listens(port) {
                wait_until_ready(port);
                return Some(Self {
                    process,
                    _directory: directory,
                    port,
                });
            }
        }
        panic!("postgres does not start");
    }

    /// Where it listens, on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// `postgres://postgres@127.0.0.1:port/postgres`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}

/// Debian keeps the programs of each version in a directory of its own.
fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let programs = versions
        .flatten()
        .map(|version| version.path().join("bin").join(name));
    let newest = programs.filter(|program| program.exists()).max();
    newest.unwrap_or_else(|| Path::new(name).to_owned())
}

/// It listens before it answers.
fn wait_until_ready(port: u16) {
    let mut asks = Command::new(program("pg_isready"));
    asks.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
    while !asks.status().is_ok_and(|status| status.success()) {
        thread::sleep(Duration::from_millis(10));
    }
}
