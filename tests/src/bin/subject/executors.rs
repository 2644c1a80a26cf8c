//! Flush and shutdown from inside executors.

use std::time::Duration;

use otel_runtime::{Config, Telemetry, install};
use otelkit_tests::process::child::tell;
use otelkit_tests::process::ledger::Ledger;
use otelkit_tests::process::site::async_work;
use tokio::runtime::{Builder, Runtime};

const SOON: Duration = Duration::from_secs(10);

pub(crate) fn play(place: &str) {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    match place {
        "current-thread" => current_thread().block_on(finish(telemetry)),
        "multi-thread" => multi_thread().block_on(finish(telemetry)),
        "current-thread-task" => current_thread().block_on(in_task(telemetry)),
        "multi-thread-task" => multi_thread().block_on(in_task(telemetry)),
        "dropped-in-task" => current_thread().block_on(async {
            async_work(1).await;
            async_work(1).await;
            tokio::spawn(async move { drop(telemetry) }).await.unwrap();
        }),
        "local-set" => {
            let set = tokio::task::LocalSet::new();
            set.block_on(&current_thread(), async {
                tokio::task::spawn_local(finish(telemetry)).await.unwrap();
            });
        }
        other => panic!("no place is called `{other}`"),
    }
    tell("exported", ledger.count("async work"));
}

async fn in_task(telemetry: Telemetry) {
    tokio::spawn(finish(telemetry)).await.unwrap();
}

async fn finish(telemetry: Telemetry) {
    async_work(3).await;
    tell("flush", telemetry.flush(SOON).is_ok());
    async_work(0).await;
    tell("shutdown", telemetry.shutdown(SOON).is_ok());
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap()
}
