//! The command line: arguments, telemetry, the executor, signals and exit codes.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use otel_runtime::{Config, ConfigError, Telemetry, install};
use resource_api::command::import::import;
use resource_api::command::{CommandError, Progress};
use resource_api::telemetry::{Detail, Kept, closing, fold, tree};

/// How long the end of the program waits for telemetry to be delivered.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

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
    /// written. The tree and the figures go to stdout, progress and errors to stderr. The
    /// standard OTEL_ variables send the trace elsewhere as well, such as
    /// OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318.
    Import {
        /// The lock file
        #[arg(value_name = "FILE")]
        lockfile: PathBuf,
        /// The database; made if it does not exist
        #[arg(long, value_name = "FILE", default_value = "resources.db")]
        database: PathBuf,
        /// Show every span on a line of its own
        #[arg(long)]
        full_tree: bool,
    },
}

/// How a run ended.
enum Ending {
    Done,
    Failed(CommandError),
    Interrupted,
}

fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    let Command::Import { full_tree, .. } = command;
    let kept = Kept::default();
    let telemetry = match start_telemetry(&kept) {
        Ok(telemetry) => telemetry,
        Err(reason) => return fail(&reason),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the executor cannot start: {error}")),
    };
    let mut stdout = String::new();
    let ending = runtime.block_on(run(&command, &mut stdout));
    drop(runtime);
    // after this, every span of the run is in `kept`
    let (stats, loss) = match telemetry.shutdown(SHUTDOWN_TIMEOUT) {
        Ok(stats) => (stats, None),
        Err(loss) => (loss.stats().clone(), Some(loss)),
    };
    let detail = if full_tree {
        Detail::Full
    } else {
        Detail::Folded
    };
    stdout.push('\n');
    stdout.push_str(&tree(&fold(&kept.take(), detail)));
    stdout.push('\n');
    stdout.push_str(&closing(&stats));
    if let Err(error) = write_stdout(&stdout) {
        return fail(&format!("stdout cannot be written to: {error}"));
    }
    if let Some(loss) = loss {
        say("warning", &loss.to_string());
    }
    match ending {
        Ending::Done => ExitCode::SUCCESS,
        Ending::Failed(error) => fail(&error.to_string()),
        Ending::Interrupted => ExitCode::from(130),
    }
}

/// What the environment asks for, and the tree.
fn start_telemetry(kept: &Kept) -> Result<Telemetry, String> {
    let config = Config::from_env_if_asked()
        .map_err(|error| one_line(&error))?
        .default_service_name(env!("CARGO_PKG_NAME"))
        // most of a query is waiting for SQLite's thread: the tree shows how much
        .busy_time(true)
        // what is lost is told once, at the end
        .diagnostics(None)
        .with_exporter(kept.keeper());
    install(config).map_err(|error| error.to_string())
}

fn one_line(error: &ConfigError) -> String {
    let problems: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
    problems.join("; ")
}

/// Runs the command until it is done or somebody presses Ctrl-C; then its future is dropped,
/// which undoes the open transaction and no other.
async fn run(command: &Command, stdout: &mut String) -> Ending {
    let Command::Import {
        lockfile, database, ..
    } = command;
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

fn fail(reason: &str) -> ExitCode {
    say("error", reason);
    ExitCode::from(1)
}

/// One line on stderr, whatever the text quotes.
fn say(what: &str, text: &str) {
    let text: String = text
        .chars()
        .map(|it| if it.is_control() { ' ' } else { it })
        .collect();
    // if stderr is closed too, the exit code has to do
    let _ = writeln!(io::stderr(), "{what}: {text}");
}
