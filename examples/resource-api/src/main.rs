//! The command line: arguments, the executor, signals and exit codes.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use resource_api::command::import::import;
use resource_api::command::{CommandError, Progress};

/// Resources with dependencies on each other, kept in SQLite, traced with OtelKit.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Import a Cargo.lock, run every query once, and show the trace.
    ///
    /// Each package becomes a resource, in one transaction; run again, only what changed is
    /// written. The tree and the figures go to stdout, progress and errors to stderr.
    Import {
        /// The lock file
        #[arg(value_name = "FILE")]
        lockfile: PathBuf,
        /// The database; made if it does not exist
        #[arg(long, value_name = "FILE", default_value = "resources.db")]
        database: PathBuf,
    },
}

/// How a run ended.
enum Ending {
    Done,
    Failed(CommandError),
    Interrupted,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the executor cannot start: {error}")),
    };
    let mut stdout = String::new();
    let ending = runtime.block_on(run(&cli.command, &mut stdout));
    drop(runtime);
    if let Err(error) = write_stdout(&stdout) {
        return fail(&format!("stdout cannot be written to: {error}"));
    }
    match ending {
        Ending::Done => ExitCode::SUCCESS,
        Ending::Failed(error) => fail(&error.to_string()),
        Ending::Interrupted => ExitCode::from(130),
    }
}

/// Runs the command until it is done or somebody presses Ctrl-C; then its future is dropped,
/// which undoes the open transaction and no other.
async fn run(command: &Command, stdout: &mut String) -> Ending {
    let Command::Import { lockfile, database } = command;
    let progress = Progress::on_stderr();
    let outcome = tokio::select! {
        outcome = import(lockfile, database, &progress) => outcome,
        _ = tokio::signal::ctrl_c() => return Ending::Interrupted,
    };
    match outcome {
        Ok(report) => {
            *stdout = report.to_string();
            Ending::Done
        }
        Err(error) => Ending::Failed(error),
    }
}

/// Nobody reads on (`| head`): no reason to fail.
fn write_stdout(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

fn fail(message: &str) -> ExitCode {
    // one line, whatever the message quotes
    let message = message.replace(['\n', '\r'], " ");
    // if stderr is closed too, the exit code has to do
    let _ = writeln!(io::stderr(), "error: {message}");
    ExitCode::from(1)
}
