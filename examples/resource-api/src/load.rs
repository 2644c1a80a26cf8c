//! `resource-api load`: the arguments, the service inside where there is no other, the figures.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use resource_api::command::load::{self, Doors, LoadReport, latencies};
use resource_api::server::Server;
use resource_api::storage::{DatabaseAddress, Storage};
use resource_api::telemetry::{closing, operations, table};

use crate::console::{print, say, warn};
use crate::logs::{Logs, Output};
use crate::observed::{self, DELIVERY_TIMEOUT};
use crate::serve::open;
use crate::stop::Stops;
use crate::{endpoint, executor};

/// A port of 127.0.0.1 that nobody has.
const ANY_PORT: &str = "127.0.0.1:0";

const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Args, Debug)]
pub(crate) struct Load {
    /// For how long requests are sent
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    seconds: u32,
    /// How many requests a second, half of them over each protocol
    #[arg(long, value_name = "R", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rate: u32,
    /// What decides which requests
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Where a running service speaks HTTP
    #[arg(long, value_name = "URL", requires = "grpc")]
    http: Option<String>,
    /// Where it speaks gRPC
    #[arg(long, value_name = "URL", requires = "http")]
    grpc: Option<String>,
    /// The database of the service inside; a file of its own that disappears, unless given
    #[arg(long, value_name = "DATABASE", conflicts_with = "http")]
    database: Option<DatabaseAddress>,
    /// A Redis for the service inside
    #[arg(long, value_name = "URL", conflicts_with = "http")]
    redis: Option<String>,
    /// Answer a Prometheus here while the program runs: HOST:PORT, or :PORT on this machine alone
    #[arg(long, value_name = "ADDR", value_parser = endpoint::address)]
    metrics: Option<String>,
    #[command(flatten)]
    logs: Logs,
}

/// What is driven.
struct Target {
    doors: Doors,
    /// The service inside, if there is no other.
    inside: Option<(Server, Storage)>,
}

/// A file for the time of one run.
struct Scratch(PathBuf);

pub(crate) fn run(arguments: &Load) -> Result<ExitCode, String> {
    let scratch = Scratch::new();
    let config = arguments
        .logs
        .configure(observed::config()?, Output::Stderr);
    let telemetry = observed::start(config, arguments.metrics.as_deref())?;
    let (runtime, mut stops) = executor::start()?;
    let driven = runtime.block_on(drive(arguments, &scratch, &mut stops));
    drop(runtime);
    let (stats, loss) = observed::delivered(telemetry.shutdown(DELIVERY_TIMEOUT));
    let report = driven?;
    let metrics = telemetry.metrics();
    let layout = observed::layout();
    let answers = table(&latencies(&metrics), layout);
    let functions = table(&operations(&metrics), layout);
    print(&format!(
        "{report}\n{}\n{answers}\n{functions}",
        closing(&stats)
    ))?;
    loss.iter().for_each(warn);
    Ok(ExitCode::SUCCESS)
}

async fn drive(
    arguments: &Load,
    scratch: &Scratch,
    stops: &mut Stops,
) -> Result<LoadReport, String> {
    let target = Target::find(arguments, scratch).await?;
    let load = load::Load {
        seconds: arguments.seconds,
        rate: arguments.rate,
        seed: arguments.seed,
    };
    let report = tokio::select! {
        report = load.run(&target.doors) => report.map_err(|error| error.to_string()),
        _ = stops.next() => Err("interrupted".to_owned()),
    };
    target.close().await;
    report
}

impl Target {
    async fn find(arguments: &Load, scratch: &Scratch) -> Result<Self, String> {
        let doors = async |http: &str, grpc: &str| {
            let doors = Doors::open(http, grpc).await;
            doors.map_err(|error| format!("{http}, {grpc}: {error}"))
        };
        if let (Some(http), Some(grpc)) = (&arguments.http, &arguments.grpc) {
            let doors = doors(http, grpc).await?;
            let inside = None;
            return Ok(Self { doors, inside });
        }
        let own = DatabaseAddress::File(scratch.0.clone());
        let database = arguments.database.as_ref().unwrap_or(&own);
        let (storage, resources) = open(database, arguments.redis.as_deref()).await?;
        let server = Server::start(resources, ANY_PORT, ANY_PORT)
            .await
            .map_err(|error| error.to_string())?;
        let doors = doors(&server.http_url(), &server.grpc_url()).await?;
        let inside = Some((server, storage));
        Ok(Self { doors, inside })
    }

    async fn close(self) {
        drop(self.doors);
        if let Some((server, storage)) = self.inside {
            if let Err(error) = server.stop(DRAIN_TIMEOUT).await {
                say("warning", &error.to_string());
            }
            storage.close().await;
        }
    }
}

impl Scratch {
    fn new() -> Self {
        let name = format!("resource-api-load-{}.db", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // most often it is not there, and with it go the files of its log
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(suffix);
            let _ = std::fs::remove_file(path);
        }
    }
}
