//! What is counted of the connections of a pool.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use otel_runtime::metric::{
    self, Attached, Attributes, Counter, Histogram, Metric, MetricScope, NumberPoint, NumberValue,
    Open, Points, Source, Temporality,
};
use sqlx::Error;

use crate::system::System;

const POOL_NAME: &str = "db.client.connection.pool.name";
const STATE: &str = "db.client.connection.state";
/// Further pools are counted together.
const MOST_POOLS: usize = 100;
const SCOPE: [&str; 2] = [env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")];

const fn times(name: &'static str, description: &'static str) -> Histogram<Open<MOST_POOLS>> {
    Histogram::new(name, &[POOL_NAME])
        .unit("s")
        .description(description)
        .buckets(&[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0])
        .scope(SCOPE[0], SCOPE[1])
}

static WAIT_TIME: Histogram<Open<MOST_POOLS>> = times(
    "db.client.connection.wait_time",
    "The time it took to obtain an open connection from the pool.",
);
static USE_TIME: Histogram<Open<MOST_POOLS>> = times(
    "db.client.connection.use_time",
    "The time between borrowing a connection and returning it to the pool.",
);
static TIMEOUTS: Counter<Open<MOST_POOLS>> =
    Counter::new("db.client.connection.timeouts", &[POOL_NAME])
        .unit("{timeout}")
        .description("The number of connection timeouts that have occurred trying to obtain a connection from the pool.")
        .scope(SCOPE[0], SCOPE[1]);

/// What is counted of one pool.
#[derive(Debug)]
pub(crate) struct Counted {
    name: Arc<str>,
    pending: Arc<AtomicI64>,
    /// Looks at the pool until this is dropped.
    attached: OnceLock<Attached>,
}

impl Counted {
    pub(crate) fn new<DB: System>(name: String, pool: &sqlx::Pool<DB>) -> Arc<Self> {
        let counted = Self {
            name: name.into(),
            pending: Arc::default(),
            attached: OnceLock::new(),
        };
        let watched = Watched {
            name: Arc::clone(&counted.name),
            pending: Arc::clone(&counted.pending),
            pool: pool.clone(),
        };
        // It is new: nothing is there.
        let _ = counted.attached.set(metric::attach(watched));
        Arc::new(counted)
    }

    /// Somebody waits for a connection.
    pub(crate) fn wait(self: &Arc<Self>) -> Waiting {
        self.pending.fetch_add(1, Ordering::Relaxed);
        Waiting {
            counted: Arc::clone(self),
            begun: Instant::now(),
        }
    }
}

/// Somebody waits for a connection, until this is dropped.
pub(crate) struct Waiting {
    counted: Arc<Counted>,
    begun: Instant,
}

impl Waiting {
    /// There is one, or an error.
    pub(crate) fn end<T>(self, connection: &Result<T, Error>) {
        match connection {
            Ok(_) => WAIT_TIME.record(self.begun.elapsed(), &*self.counted.name),
            Err(Error::PoolTimedOut) => TIMEOUTS.add(1, &*self.counted.name),
            Err(_) => {}
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.counted.pending.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection is away from its pool, until this is dropped.
#[derive(Debug)]
pub(crate) struct Usage {
    counted: Arc<Counted>,
    begun: Instant,
}

impl Usage {
    pub(crate) fn begin(counted: Arc<Counted>) -> Self {
        Self {
            counted,
            begun: Instant::now(),
        }
    }
}

impl Drop for Usage {
    fn drop(&mut self) {
        USE_TIME.record(self.begun.elapsed(), &*self.counted.name);
    }
}

/// A pool that is looked at whenever somebody reads.
struct Watched<DB: System> {
    name: Arc<str>,
    pending: Arc<AtomicI64>,
    pool: sqlx::Pool<DB>,
}

impl<DB: System> Watched<DB> {
    fn attributes(&self) -> Attributes {
        vec![(POOL_NAME.into(), self.name.to_string().into())]
    }

    fn count(&self, state: &'static str, count: i64) -> (Attributes, i64) {
        let mut attributes = self.attributes();
        attributes.push((STATE.into(), state.into()));
        (attributes, count)
    }
}

impl<DB: System> Source for Watched<DB> {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        let all = i64::from(self.pool.size());
        let idle = i64::try_from(self.pool.num_idle()).unwrap_or(all).min(all);
        let options = self.pool.options();
        let most = i64::from(options.get_max_connections());
        let least = i64::from(options.get_min_connections());
        let pending = self.pending.load(Ordering::Relaxed);
        let alone = |count| vec![(self.attributes(), count)];
        for (name, unit, description, numbers) in [
            (
                "db.client.connection.count",
                "{connection}",
                "The number of connections that are currently in state described by the `state` attribute.",
                vec![self.count("idle", idle), self.count("used", all - idle)],
            ),
            (
                "db.client.connection.max",
                "{connection}",
                "The maximum number of open connections allowed.",
                alone(most),
            ),
            (
                "db.client.connection.idle.max",
                "{connection}",
                "The maximum number of idle open connections allowed.",
                alone(most),
            ),
            (
                "db.client.connection.idle.min",
                "{connection}",
                "The minimum number of idle open connections allowed.",
                alone(least),
            ),
            (
                "db.client.connection.pending_requests",
                "{request}",
                "The number of current pending requests for an open connection.",
                alone(pending),
            ),
        ] {
            give(sum(name, unit, description, numbers));
        }
    }
}

fn sum(
    name: &'static str,
    unit: &'static str,
    description: &'static str,
    numbers: Vec<(Attributes, i64)>,
) -> Metric {
    let point = |(attributes, number): (Attributes, i64)| NumberPoint {
        attributes,
        start_unix_ns: 0,
        unix_ns: 0,
        value: NumberValue::Int(number),
        exemplars: Vec::new(),
    };
    Metric {
        name: name.into(),
        unit: unit.into(),
        description: description.into(),
        scope: MetricScope {
            name: SCOPE[0].into(),
            version: SCOPE[1].into(),
        },
        points: Points::Sum {
            is_monotonic: false,
            temporality: Temporality::Cumulative,
            points: numbers.into_iter().map(point).collect(),
        },
    }
}
