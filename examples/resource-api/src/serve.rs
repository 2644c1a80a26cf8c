//! `resource-api serve`: the arguments, and the way from start to orderly end.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use resource_api::cache::Cache;
use resource_api::server::{Drained, Server};
use resource_api::service::Resources;
use resource_api::storage::{DatabaseAddress, Storage};

use crate::console::{say, warn};
use crate::logs::{Logs, Output};
use crate::observed::{self, DELIVERY_TIMEOUT};
use crate::stop::Stops;
use crate::{endpoint, executor};

/// How long requests that are under way may still take at the end.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Where to speak HTTP: HOST:PORT, or :PORT on this machine alone; port 0 is any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = endpoint::address)]
    http: String,
    /// Where to speak gRPC
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:50051", value_parser = endpoint::address)]
    grpc: String,
    #[command(flatten)]
    kept: Kept,
    /// Answer a Prometheus here: HOST:PORT, or :PORT on this machine alone
    #[arg(long, value_name = "ADDR", value_parser = endpoint::address)]
    metrics: Option<String>,
    #[command(flatten)]
    logs: Logs,
}

/// Where the resources are kept.
#[derive(Args, Debug)]
struct Kept {
    /// The database: a file, which is made if it does not exist, or sqlite:FILE, postgres://..,
    /// mysql://..
    #[arg(long, value_name = "DATABASE", default_value = "resources.db")]
    database: DatabaseAddress,
    /// A Redis that keeps what was read: redis://HOST:PORT
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
}

pub(crate) fn run(arguments: &Serve) -> Result<ExitCode, String> {
    let config = arguments
        .logs
        .configure(observed::config()?, Output::Stdout);
    let telemetry = observed::start(config, arguments.metrics.as_deref())?;
    let (runtime, mut stops) = executor::start()?;
    let served = runtime.block_on(serve(arguments, &mut stops));
    drop(runtime);
    let (_, loss) = observed::delivered(telemetry.shutdown(DELIVERY_TIMEOUT));
    loss.iter().for_each(warn);
    served.map(|()| ExitCode::SUCCESS)
}

async fn serve(arguments: &Serve, stops: &mut Stops) -> Result<(), String> {
    let Serve {
        http, grpc, kept, ..
    } = arguments;
    let storage = open(&kept.database, kept.redis.as_deref()).await?;
    let (storage, resources) = storage;
    let server = Server::start(resources, http, grpc)
        .await
        .map_err(|error| error.to_string())?;
    say("http", &server.http_url());
    say("grpc", &server.grpc_url());
    stops.next().await;
    say("stop", "no new requests; answering those under way");
    let drained = server.stop(DRAIN_TIMEOUT).await;
    storage.close().await;
    match drained.map_err(|error| error.to_string())? {
        Drained::All => {}
        Drained::Partly => say("warning", "some requests were not answered in time"),
    }
    Ok(())
}

/// The database, and the operations on it and the cache.
pub(crate) async fn open(
    database: &DatabaseAddress,
    redis: Option<&str>,
) -> Result<(Storage, Resources), String> {
    let storage = Storage::open(database)
        .await
        .map_err(|error| format!("{database}: {error}"))?;
    let mut resources = Resources::new(storage.clone());
    if let Some(url) = redis {
        let cache = Cache::connect(url).await;
        // the address may hold a password
        resources = resources.with_cache(cache.map_err(|error| format!("--redis: {error}"))?);
    }
    Ok((storage, resources))
}
