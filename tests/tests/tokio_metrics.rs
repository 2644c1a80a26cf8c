//! What a tokio runtime says of itself.

use std::thread;
use std::time::Duration;

use otel_runtime::metric::{AttributeValue, Metrics, NumberPoint, NumberValue, Points};
use otel_runtime::{Config, install, observe_tokio};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

fn runtime(workers: usize) -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(workers)
        .build()
        .unwrap()
}

fn points(metrics: &Metrics, name: &str, runtime: &'static str) -> Vec<NumberPoint> {
    let points = match &metrics.metric(name).expect(name).points {
        Points::Sum { points, .. } => points,
        other => panic!("{other:?}"),
    };
    let name = ("tokio.runtime.name".into(), AttributeValue::from(runtime));
    let of_runtime = points.iter().filter(|it| it.attributes.contains(&name));
    of_runtime.cloned().collect()
}

fn int(metrics: &Metrics, name: &str, runtime: &'static str) -> i64 {
    match points(metrics, name, runtime)[..] {
        [
            NumberPoint {
                value: NumberValue::Int(value),
                ..
            },
        ] => value,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn workers_tasks_and_queues_of_each_runtime_are_read() {
    let telemetry = install(Config::new()).unwrap();
    let (first, second) = (runtime(2), runtime(3));
    let _observed = [
        observe_tokio("first", first.handle()),
        observe_tokio("second".to_owned(), second.handle()),
    ];
    let (release, gate) = oneshot::channel::<()>();
    let waiting = first.spawn(gate);
    second.block_on(async { tokio::spawn(async {}).await.unwrap() });
    let metrics = telemetry.metrics();
    assert_eq!(int(&metrics, "tokio.runtime.worker.count", "first"), 2);
    assert_eq!(int(&metrics, "tokio.runtime.worker.count", "second"), 3);
    assert_eq!(int(&metrics, "tokio.runtime.task.alive", "first"), 1);
    assert_eq!(
        int(&metrics, "tokio.runtime.global_queue.depth", "second"),
        0
    );
    let of_workers = |name| points(&metrics, name, "second").len();
    assert_eq!(of_workers("tokio.runtime.worker.parks"), 3);
    assert_eq!(of_workers("tokio.runtime.worker.busy.time"), 3);
    release.send(()).unwrap();
    first.block_on(waiting).unwrap().unwrap();
    while int(&telemetry.metrics(), "tokio.runtime.task.alive", "first") > 0 {
        thread::yield_now();
    }
}

#[test]
fn a_runtime_that_has_ended_can_still_be_read_and_let_go() {
    let telemetry = install(Config::new()).unwrap();
    let ending = runtime(2);
    let observed = observe_tokio("ending", ending.handle());
    ending.shutdown_timeout(Duration::from_secs(10));
    let metrics = telemetry.metrics();
    assert_eq!(int(&metrics, "tokio.runtime.task.alive", "ending"), 0);
    drop(observed);
    let metrics = telemetry.metrics();
    assert!(metrics.metric("tokio.runtime.task.alive").is_none());
}
