//! `resource-api import`: the arguments, the wait for signals, and what is shown at the end.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use otel_runtime::{Stats, Telemetry};
use resource_api::command::import::import;
use resource_api::command::{CommandError, Progress};
use resource_api::storage::DatabaseAddress;
use resource_api::telemetry::{Detail, Kept, closing, fold, operations, table, tree};

use crate::console::{print, say, warn};
use crate::logs::{Logs, Output};
use crate::observed::{self, DELIVERY_TIMEOUT};
use crate::stop::{Stop, Stops};
use crate::{endpoint, executor};

#[derive(Args, Debug)]
pub(crate) struct Import {
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
    #[command(flatten)]
    logs: Logs,
}

/// How an import ended.
enum Ending {
    /// Well, with this to say.
    Done(String),
    Failed(CommandError),
    Stopped(Stop),
}

pub(crate) fn run(arguments: &Import) -> Result<ExitCode, String> {
    let kept = Kept::default();
    // what is lost is told once, at the end
    let config = observed::config()?
        .diagnostics(None)
        .with_exporter(kept.keeper());
    let config = arguments.logs.configure(config, Output::Stderr);
    let telemetry = observed::start(config, arguments.metrics.as_deref())?;
    let (runtime, mut stops) = executor::start()?;
    let ending = runtime.block_on(import_or_stop(arguments, &mut stops));
    let is_held = arguments.hold && matches!(ending, Ending::Done(_));
    let held = is_held.then_some((runtime, stops));
    // after this, every span of the import is in `kept`
    let (stats, loss) = observed::delivered(match held {
        Some(_) => telemetry.flush(DELIVERY_TIMEOUT),
        None => telemetry.shutdown(DELIVERY_TIMEOUT),
    });
    let report = match &ending {
        Ending::Done(report) => report,
        Ending::Failed(_) | Ending::Stopped(_) => "",
    };
    let figures = figures(arguments, &kept, &stats, &telemetry);
    print(&format!("{report}\n{figures}"))?;
    loss.iter().for_each(warn);
    if let Some((runtime, mut stops)) = held {
        say("hold", "until Ctrl-C");
        runtime.block_on(stops.next());
        drop(runtime);
        let (_, loss) = observed::delivered(telemetry.shutdown(DELIVERY_TIMEOUT));
        loss.iter().for_each(warn);
    }
    match ending {
        Ending::Done(_) => Ok(ExitCode::SUCCESS),
        Ending::Failed(error) => Err(error.to_string()),
        Ending::Stopped(stop) => Ok(ExitCode::from(stop.exit_code())),
    }
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
    let tree = tree(&fold(&kept.take(), detail));
    let table = table(&operations(&telemetry.metrics()), observed::layout());
    let gap = if table.is_empty() { "" } else { "\n" };
    format!("{tree}\n{}{gap}{table}", closing(stats))
}
