//! MariaDB.

use std::process::Command;

use tempfile::TempDir;

use crate::account::{Account, run};
use crate::process::{Process, free_port};

const PACKAGE: &str = "mariadb-server";
/// Another process may take a port between the question and the start.
const ATTEMPTS: usize = 5;

/// One server, with the database `shop` and the user `root`, who needs no password.
#[derive(Debug)]
pub struct MariaDb {
    // In this order: the process ends before its directory goes.
    process: Process,
    _directory: TempDir,
    port: u16,
}

impl MariaDb {
    /// Starts a server; `None` if there is none on this machine.
    ///
    /// # Panics
    /// If it does not start, or is missing under `CI`.
    #[must_use]
    pub fn start() -> Option<Self> {
        let account = Account::of("mysql");
        for _ in 0..ATTEMPTS {
            let directory = tempfile::tempdir().expect("a temporary directory");
            let home = directory.path();
            Account::owns(account, home);
            let data = format!("--datadir={}", home.join("data").display());
            let mut making = Command::new("mariadb-install-db");
            making
                .args(["--no-defaults", &data, "--skip-test-db"])
                .arg("--auth-root-authentication-method=normal")
                .current_dir(home);
            Account::takes(account, &mut making);
            let first = home.join("first.sql");
            std::fs::write(&first, "CREATE DATABASE shop;\n").expect("a file can be written");
            let port = free_port();
            let mut command = Command::new("mariadbd");
            command
                .args(["--no-defaults", &data, "--bind-address=127.0.0.1"])
                .arg(format!("--port={port}"))
                .arg(format!("--socket={}", home.join("socket").display()))
                .arg(format!("--pid-file={}", home.join("pid").display()))
                .arg(format!("--init-file={}", first.display()))
                .arg("--skip-name-resolve")
                .current_dir(home);
            Account::takes(account, &mut command);
            let is_there = run(&mut making).is_some();
            let log = home.join("log");
            let mut process = Process::start(&mut command, &log, PACKAGE)?;
            if is_there && process.listens(port) {
                return Some(Self {
                    process,
                    _directory: directory,
                    port,
                });
            }
        }
        panic!("mariadbd does not start");
    }

    /// Where it listens, on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// `mysql://root@127.0.0.1:port/shop`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/shop", self.port)
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}
