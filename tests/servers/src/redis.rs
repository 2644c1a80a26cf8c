//! Redis: alone, as a cluster of three, and with a sentinel.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::process::{Process, free_port};

const PACKAGE: &str = "redis-server";
/// Another process may take a port between the question and the start.
const ATTEMPTS: usize = 5;

/// One server.
#[derive(Debug)]
pub struct Redis {
    // In this order: the process ends before its directory goes.
    process: Process,
    _directory: TempDir,
    port: u16,
}

impl Redis {
    /// Starts a server; `None` if there is none on this machine.
    ///
    /// # Panics
    /// If it does not start, or is missing under `CI`.
    #[must_use]
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// The same, with further arguments.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_with(arguments: &[&str]) -> Option<Self> {
        for _ in 0..ATTEMPTS {
            let directory = tempfile::tempdir().expect("a temporary directory");
            let port = free_port();
            let mut command = Command::new("redis-server");
            command
                .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--dir"])
                .arg(directory.path())
                .args(["--save", "", "--appendonly", "no"])
                .args(arguments);
            let mut process = started(&mut command, directory.path())?;
            if process.listens(port) {
                return Some(Self {
                    process,
                    _directory: directory,
                    port,
                });
            }
        }
        panic!("redis-server does not start");
    }

    /// Where it listens, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `redis://127.0.0.1:port/`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}

/// Three servers that share the slots.
#[derive(Debug)]
pub struct Cluster {
    nodes: Vec<Redis>,
}

impl Cluster {
    /// Starts a cluster and waits until all of its nodes know all slots; `None` if there is no Redis
    /// on this machine.
    ///
    /// # Panics
    /// If it does not come about, or Redis is missing under `CI`.
    #[must_use]
    pub fn start() -> Option<Self> {
        let mut nodes = Vec::new();
        let mut buses = Vec::new();
        while nodes.len() < 3 {
            let bus = free_port().to_string();
            nodes.push(Redis::start_with(&[
                "--cluster-enabled",
                "yes",
                "--cluster-port",
                &bus,
            ])?);
            buses.push(bus);
        }
        let slots = [(0, 5460), (5461, 10922), (10923, 16383)];
        for (node, (first, last)) in nodes.iter().zip(slots) {
            ask(node.port, &format!("CLUSTER ADDSLOTSRANGE {first} {last}"));
        }
        for (node, bus) in nodes.iter().zip(&buses).skip(1) {
            let meet = format!("CLUSTER MEET 127.0.0.1 {} {bus}", node.port);
            ask(nodes[0].port, &meet);
        }
        let is_whole = |node: &Redis| {
            let info = ask(node.port, "CLUSTER INFO");
            info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3")
        };
        while !nodes.iter().all(is_whole) {
            thread::sleep(Duration::from_millis(20));
        }
        Some(Self { nodes })
    }

    /// Where each of them is.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(Redis::url).collect()
    }
}

/// A server and the sentinel that knows it as `main`.
#[derive(Debug)]
pub struct Sentinel {
    /// Whom the sentinel names.
    pub server: Redis,
    _process: Process,
    _directory: TempDir,
    port: u16,
}

impl Sentinel {
    /// Starts both; `None` if there is no Redis on this machine.
    ///
    /// # Panics
    /// If they do not start, or Redis is missing under `CI`.
    #[must_use]
    pub fn start() -> Option<Self> {
        let server = Redis::start()?;
        for _ in 0..ATTEMPTS {
            let directory = tempfile::tempdir().expect("a temporary directory");
            let port = free_port();
            let settings = directory.path().join("sentinel.conf");
            let text = format!(
                "port {port}\nbind 127.0.0.1\ndir {}\nsentinel monitor main 127.0.0.1 {} 1\n",
                directory.path().display(),
                server.port
            );
            fs::write(&settings, text).expect("a file can be written");
            let mut command = Command::new("redis-server");
            command.arg(&settings).arg("--sentinel");
            let mut process = started(&mut command, directory.path())?;
            if process.listens(port) {
                return Some(Self {
                    server,
                    _process: process,
                    _directory: directory,
                    port,
                });
            }
        }
        panic!("the sentinel does not start");
    }

    /// Where the sentinel is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }
}

fn started(command: &mut Command, directory: &Path) -> Option<Process> {
    Process::start(command, &directory.join("log"), PACKAGE)
}

/// Sends a command in one line; what the server answers, up to its end or an error.
fn ask(port: u16, command: &str) -> String {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("it listens");
    let mut answer = BufReader::new(stream);
    answer
        .get_mut()
        .write_all(format!("{command}\r\n").as_bytes())
        .expect("it reads");
    let mut line = String::new();
    answer.read_line(&mut line).expect("it answers");
    assert!(!line.starts_with('-'), "{command}: {line}");
    let Some(bytes) = line.strip_prefix('$') else {
        return line;
    };
    let bytes = bytes.trim().parse().expect("a length");
    let mut text = vec![0; bytes];
    std::io::Read::read_exact(&mut answer, &mut text).expect("it answers");
    String::from_utf8(text).expect("it is text")
}
