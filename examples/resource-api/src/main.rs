//! The command line: arguments, telemetry, the executor, signals and exit codes.

mod endpoint;
mod stop;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use endpoint::Endpoint;
use otel_runtime::{Config, ConfigError, Loss, Stats, Telemetry, install};
use resource_api::command::import::import;
use resource_api::command::{CommandError, Progress};
use resource_api::storage::DatabaseAddress;
use resource_api::telemetry::{Detail, Kept, Layout, closing, fold, operations, table, tree};
use stop::{Stop, Stops};

/// How long the end of the program waits for telemetry to be delivered.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(10);

/// Resources with dependencies on each other, kept in SQLite, observed with OtelKit.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Import a Cargo.lock, run every query once, and show the trace and the metrics.
    ///
    /// Each package becomes a resource, in one transaction; run again, only what changed is
    /// written. The tree and the figures go to stdout, progress and errors to stderr. The
    /// standard OTEL_ variables send traces and metrics elsewhere as well, such as
    /// OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318.
    Import(Import),
}

#[derive(Args, Debug)]
struct Import {
    /// The lock file
    #[arg(value_name = "FILE")]
    lockfile: PathBuf,
    /// The database: a file, which is made if it does not exist, or sqlite:FILE, postgres://..,
    /// mysql://..
    #[arg(long, value_name = "DATABASE", default_value = "resources.db")]
    database: DatabaseAddress,
    /// Show every span on a line of its own
    #[arg(long)]
    full_tree: bool,
    /// Answer a Prometheus here while the program runs: HOST:PORT, or :PORT on this machine alone
    ///
    /// The address goes to stderr; port 0 is any free one. If the port is another's, nothing is
    /// imported.
    #[arg(long, value_name = "ADDR", value_parser = endpoint::address)]
    metrics: Option<String>,
    /// Keep running after the import until Ctrl-C or SIGTERM, which is then success
    ///
    /// What --metrics and the OTEL_ variables ask for goes on meanwhile. Without any of them there
    /// is nothing to see, and it waits all the same. An import that failed or was interrupted
    /// does not wait.
    #[arg(long)]
    hold: bool,
}

/// How an import ended.
enum Ending {
    /// Well, with this to say.
    Done(String),
    Failed(CommandError),
    Stopped(Stop),
}

fn main() -> ExitCode {
    let Cli {
        command: Command::Import(arguments),
    } = Cli::parse();
    run(&arguments).unwrap_or_else(|reason| fail(&reason))
}

fn run(arguments: &Import) -> Result<ExitCode, String> {
    let endpoint = arguments.metrics.as_deref().map(Endpoint::listen);
    let endpoint = endpoint.transpose()?;
    let url = endpoint.as_ref().map(Endpoint::url);
    let kept = Kept::default();
    let telemetry = start_telemetry(&kept, endpoint)?;
    match url {
        Some(_) if telemetry.metrics().list.is_empty() => {
            say(
                "warning",
                "nobody answers at --metrics: telemetry is turned off",
            );
        }
        Some(url) => say("metrics", &url),
        None => {}
    }
    let no_executor = |error| format!("the executor cannot start: {error}");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(no_executor)?;
    let mut stops = {
        let _inside = runtime.enter();
        Stops::new().map_err(no_executor)?
    };
    let ending = runtime.block_on(import_or_stop(arguments, &mut stops));
    let is_held = arguments.hold && matches!(ending, Ending::Done(_));
    let held = is_held.then_some((runtime, stops));
    // after this, every span of the import is in `kept`
    let delivered = match held {
        Some(_) => telemetry.flush(DELIVERY_TIMEOUT),
        None => telemetry.shutdown(DELIVERY_TIMEOUT),
    };
    let (stats, loss) = match delivered {
        Ok(stats) => (stats, None),
        Err(loss) => (loss.stats().clone(), Some(loss)),
    };
    let report = match &ending {
        Ending::Done(report) => report,
        Ending::Failed(_) | Ending::Stopped(_) => "",
    };
    let shown = format!(
        "{report}\n{}",
        figures(arguments, &kept, &stats, &telemetry)
    );
    write_stdout(&shown).map_err(|error| format!("stdout cannot be written to: {error}"))?;
    loss.iter().for_each(warn);
    if let Some((runtime, mut stops)) = held {
        say("hold", "until Ctrl-C");
        runtime.block_on(stops.next());
        drop(runtime);
        let delivered = telemetry.shutdown(DELIVERY_TIMEOUT);
        delivered.err().iter().for_each(warn);
    }
    match ending {
        Ending::Done(_) => Ok(ExitCode::SUCCESS),
        Ending::Failed(error) => Err(error.to_string()),
        Ending::Stopped(stop) => Ok(ExitCode::from(stop.exit_code())),
    }
}

/// What the environment asks for, the tree, and the endpoint.
fn start_telemetry(kept: &Kept, endpoint: Option<Endpoint>) -> Result<Telemetry, String> {
    let mut config = Config::from_env_if_asked()
        .map_err(|error| one_line(&error))?
        .default_service_name(env!("CARGO_PKG_NAME"))
        // most of a query is waiting for SQLite's thread: the tree shows how much
        .busy_time(true)
        // what is lost is told once, at the end
        .diagnostics(None)
        .with_exporter(kept.keeper());
    if let Some(endpoint) = endpoint {
        config = config.with_exporter(endpoint.exporter());
    }
    install(config).map_err(|error| error.to_string())
}

fn one_line(error: &ConfigError) -> String {
    let problems: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
    problems.join("; ")
}

/// Imports until it is done or somebody wants it to end; then its future is dropped, which undoes
/// the open transaction and no other.
async fn import_or_stop(arguments: &Import, stops: &mut Stops) -> Ending {
    let progress = Progress::on_stderr();
    let outcome = tokio::select! {
        outcome = import(&arguments.lockfile, &arguments.database, &progress) => outcome,
        stop = stops.next() => return Ending::Stopped(stop),
    };
    match outcome {
        Ok(report) => Ending::Done(report.to_string()),
        Err(error) => Ending::Failed(error),
    }
}

/// The tree, what became of the spans, and how long the operations took.
fn figures(arguments: &Import, kept: &Kept, stats: &Stats, telemetry: &Telemetry) -> String {
    let detail = match arguments.full_tree {
        true => Detail::Full,
        false => Detail::Folded,
    };
    let layout = match io::stdout().is_terminal() {
        true => Layout::Columns,
        false => Layout::Tabs,
    };
    let tree = tree(&fold(&kept.take(), detail));
    let table = table(&operations(&telemetry.metrics()), layout);
    let gap = if table.is_empty() { "" } else { "\n" };
    format!("{tree}\n{}{gap}{table}", closing(stats))
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

fn warn(loss: &Loss) {
    say("warning", &loss.to_string());
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
