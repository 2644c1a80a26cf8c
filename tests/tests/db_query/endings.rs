//! Each way for a call to end.

use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

use otel_runtime::db_query;
use otel_runtime::metric::Points;
use otelkit_tests::calls::Counted;
use otelkit_tests::durations;

use crate::DURATION;
use crate::shop::{elsewhere, find, get, insert, pool, run};

#[db_query("SELECT 1", system = "sqlite")]
fn panics() {
    panic!("on purpose");
}

#[db_query("SELECT 1", system = "sqlite")]
async fn waits() {
    poll_fn(|_| Poll::<()>::Pending).await;
}

#[test]
fn each_way_to_end_has_a_series() {
    let counted = Counted::during(|| {
        let _ = find(0);
        let pool = pool();
        let _ = run(insert(&pool, &[1, 2]));
        let _ = run(insert(&pool, &[]));
        let _ = get("");
        let _ = std::panic::catch_unwind(panics);
        let mut waiting = Box::pin(waits());
        assert!(
            waiting
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
        drop(waiting);
        elsewhere("other.test", 9, "x".to_owned());
    });
    let orders = "db.system.name=postgresql db.namespace=shop db.operation.name=INSERT db.collection.name=orders db.query.summary=INSERT orders server.address=db.test server.port=5433";
    let one = "db.system.name=sqlite db.operation.name=SELECT db.query.summary=SELECT";
    let mut expected = [
        "db.system.name=postgresql db.operation.name=SELECT db.collection.name=users db.query.summary=SELECT users".to_owned(),
        orders.to_owned(),
        format!("{orders} error.type=40001 db.response.status_code=40001"),
        "db.system.name=redis db.namespace=3 db.operation.name=GET db.collection.name=sessions server.address=cache.test server.port=6379 error.type=WRONGTYPE db.response.status_code=7".to_owned(),
        format!("{one} error.type=panic"),
        format!("{one} error.type=cancelled"),
        "db.system.name=ourdb db.namespace=x db.operation.name=scan server.address=other.test server.port=9".to_owned(),
    ];
    expected.sort();
    let series = durations::of(&counted.metrics, DURATION);
    assert_eq!(series, expected.map(|series| (series, 1)));
    let metric = counted.metrics.metric(DURATION).unwrap();
    assert_eq!(metric.unit, "s");
    let Points::Histogram { boundaries, .. } = &metric.points else {
        panic!("it has boundaries")
    };
    assert_eq!(
        **boundaries,
        [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0]
    );
    assert!(
        counted
            .metrics
            .metric("function.duration")
            .is_none_or(|of| {
                let Points::ExponentialHistogram { points, .. } = &of.points else {
                    return false;
                };
                points
                    .iter()
                    .all(|point| !format!("{:?}", point.attributes).contains("find"))
            })
    );
}
