//! Lock files to order, and the program as a person runs it.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test binary uses its own part"
)]

mod collector;
mod operations;
mod running;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

pub(crate) use collector::{Collector, Received};
pub(crate) use operations::{Done, Operation, describe, new, operation};
pub(crate) use running::Running;

pub(crate) const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A package of a lock file: name, version, dependencies as written.
pub(crate) type Package<'a> = (&'a str, &'a str, &'a [&'a str]);

/// The text of a lock file with these packages, each from the registry.
pub(crate) fn lockfile(packages: &[Package<'_>]) -> String {
    let mut text = String::from("version = 4\n");
    for (name, version, dependencies) in packages {
        text.push_str(&format!(
            "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"{REGISTRY}\"\n"
        ));
        if !dependencies.is_empty() {
            text.push_str(&format!("dependencies = {dependencies:?}\n"));
        }
    }
    text
}

/// A directory to run the program in.
pub(crate) struct Workplace {
    pub(crate) directory: TempDir,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, contents).expect("a file can be written");
        path
    }

    /// The program, in this directory, with no telemetry variables of whoever runs the tests.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_resource-api"));
        command.current_dir(self.directory.path());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OTEL") {
                command.env_remove(name);
            }
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::from(
            self.command()
                .args(arguments)
                .output()
                .expect("the program runs"),
        )
    }

    /// Writes `Cargo.lock` and imports it.
    pub(crate) fn import(&self, packages: &[Package<'_>]) -> Run {
        self.write("Cargo.lock", lockfile(packages));
        self.run(&["import", "Cargo.lock"])
    }

    /// Puts a resource of somebody's own into the database, which depends on the package `json`.
    pub(crate) fn add_mine(&self) {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.path("resources.db"));
        block_on(async {
            let pool = sqlx::SqlitePool::connect_with(options)
                .await
                .expect("the database opens");
            sqlx::raw_sql(
                "INSERT INTO resource (id, name, version, source, origin) \
                 VALUES (99, 'mine', '1', '', 'user'); \
                 INSERT INTO dependency SELECT 99, id FROM resource WHERE name = 'json'",
            )
            .execute(&pool)
            .await
            .expect("a resource can be added");
            pool.close().await;
        });
    }

    /// What the database holds, asked of SQLite itself and not of the program.
    pub(crate) fn dump(&self) -> Dump {
        dump(&self.path("resources.db"))
    }
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }
}

impl Run {
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        assert_eq!(
            (self.code, self.stderr.as_str()),
            (Some(0), ""),
            "{}",
            self.stdout
        );
        self
    }

    /// Exit code 1, and exactly this line on stderr.
    #[track_caller]
    pub(crate) fn fails_with(self, line: &str) -> Self {
        assert_eq!(
            (self.stderr.as_str(), self.code),
            (&*format!("error: {line}\n"), Some(1))
        );
        self
    }

    /// The tree, without the report before it and the closing lines after it.
    pub(crate) fn printed_tree(&self) -> &str {
        let start = self.stdout.find("\nimport  ").expect("a root") + 1;
        let end = self.stdout.find("\nspans: ").expect("a closing line");
        &self.stdout[start..end]
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text),
            "`{text}` is not in:\n{}",
            self.stdout
        );
        self
    }
}

/// The resources as `name version`, and the edges as pairs of them; both sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dump {
    pub(crate) resources: Vec<String>,
    pub(crate) edges: Vec<(String, String)>,
}

pub(crate) fn dump(database: &Path) -> Dump {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    block_on(async {
        let pool = sqlx::SqlitePool::connect_with(options)
            .await
            .expect("the database opens");
        let resources: Vec<(String,)> =
            sqlx::query_as("SELECT name || ' ' || version FROM resource ORDER BY 1")
                .fetch_all(&pool)
                .await
                .expect("the resources can be read");
        let edges = sqlx::query_as(
            "SELECT a.name || ' ' || a.version, b.name || ' ' || b.version FROM dependency \
             JOIN resource a ON a.id = dependent JOIN resource b ON b.id = dependency ORDER BY 1, 2",
        )
        .fetch_all(&pool)
        .await
        .expect("the edges can be read");
        pool.close().await;
        Dump {
            resources: resources.into_iter().map(|(it,)| it).collect(),
            edges,
        }
    })
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an executor")
        .block_on(future)
}

/// The Python that has the receivers; `None`, said loudly, where there is none.
pub(crate) fn python() -> Option<String> {
    let python = std::env::var("OTELKIT_PYTHON").ok();
    if python.is_none() {
        let is_ci = std::env::var("CI").as_deref() == Ok("true");
        assert!(!is_ci, "OTELKIT_PYTHON is not set: run `cargo xtask test`");
        eprintln!("SKIPPED: OTELKIT_PYTHON is not set; `cargo xtask test` brings a Python");
    }
    python
}
