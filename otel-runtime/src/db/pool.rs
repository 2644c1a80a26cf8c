//! What is counted of the connections of a pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::lent::{Lent, Waiting};
use crate::metric::{
    self, Attached, Attributes, Counter, Histogram, Metric, MetricScope, NumberPoint, NumberValue,
    Open, Points, Source, Temporality,
};

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
}

static CREATE_TIME: Histogram<Open<MOST_POOLS>> = times(
    "db.client.connection.create_time",
    "The time it took to create a new connection.",
);
static WAIT_TIME: Histogram<Open<MOST_POOLS>> = times(
    "db.client.connection.wait_time",
    "The time it took to obtain an open connection from the pool.",
);
static USE_TIME: Histogram<Open<MOST_POOLS>> = times(
    "db.client.connection.use_time",
    "The time between borrowing a connection and returning it to the pool.",
);
static TIMEOUTS: Counter<Open<MOST_POOLS>> = Counter::new(
    "db.client.connection.timeouts",
    &[POOL_NAME],
)
.unit("{timeout}")
.description(
    "The number of connection timeouts that have occurred trying to obtain a connection from the pool.",
);

/// The metrics of one pool of connections, after the [conventions]; for integrations of pools.
///
/// What happens is told by the methods; how the pool stands, by what is [observed](Self::observe).
/// Pools of one name are counted together, and so are those beyond the hundredth name.
///
/// ```
/// use std::time::Duration;
///
/// use otel_runtime::db::{PoolMetrics, PoolState};
///
/// let metrics = PoolMetrics::new("orders");
/// let attached = metrics.observe(|| PoolState::new(3, 1).max(10));
/// metrics.waited(Duration::from_micros(70));
/// # drop(attached);
/// ```
///
/// Where nobody else measures, [`wait`](Self::wait) and [`lend`](Self::lend) do. Clones are the same pool.
///
/// [conventions]: https://opentelemetry.io/docs/specs/semconv/database/database-metrics/#connection-pools
#[derive(Clone, Debug)]
pub struct PoolMetrics(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    name: Box<str>,
    /// Only read to be shown: relaxed.
    pending: AtomicU32,
}

/// How a pool stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    idle: u32,
    used: u32,
    max: Option<u32>,
    idle_max: Option<u32>,
    idle_min: Option<u32>,
    pending: Option<u32>,
}

impl PoolState {
    /// So many connections wait to be used, and so many are.
    #[must_use]
    pub const fn new(idle: u32, used: u32) -> Self {
        Self {
            idle,
            used,
            max: None,
            idle_max: None,
            idle_min: None,
            pending: None,
        }
    }

    /// The same, with so many connections at most, all of which may be idle.
    #[must_use]
    pub const fn max(mut self, connections: u32) -> Self {
        self.max = Some(connections);
        self.idle_max = Some(connections);
        self
    }

    /// The same, with so many connections that are kept idle at least.
    #[must_use]
    pub const fn idle_min(mut self, connections: u32) -> Self {
        self.idle_min = Some(connections);
        self
    }

    /// The same, with so many that wait for a connection.
    #[must_use]
    pub const fn pending(mut self, requests: u32) -> Self {
        self.pending = Some(requests);
        self
    }
}

impl PoolMetrics {
    /// Of the pool of this name, `db.client.connection.pool.name`.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(Arc::new(Pool {
            name: name.into(),
            pending: AtomicU32::new(0),
        }))
    }

    /// Somebody begins to wait for a connection, and does so until what is returned is told of the end,
    /// or dropped.
    #[must_use]
    pub fn wait(&self) -> Waiting {
        self.0.pending.fetch_add(1, Ordering::Relaxed);
        Waiting::begin(self.clone())
    }

    /// How many wait at the moment, as far as [`wait`](Self::wait) knows.
    #[must_use]
    pub fn pending(&self) -> u32 {
        self.0.pending.load(Ordering::Relaxed)
    }

    /// A connection leaves the pool, and comes back when what is returned is dropped:
    /// `db.client.connection.use_time`.
    #[must_use]
    pub fn lend(&self) -> Lent {
        Lent::begin(self.clone())
    }

    pub(super) fn waits_no_more(&self) {
        self.0.pending.fetch_sub(1, Ordering::Relaxed);
    }

    /// A connection was opened: `db.client.connection.create_time`.
    pub fn created(&self, took: Duration) {
        CREATE_TIME.record(took, &*self.0.name);
    }

    /// Somebody got a connection: `db.client.connection.wait_time`.
    pub fn waited(&self, took: Duration) {
        WAIT_TIME.record(took, &*self.0.name);
    }

    /// A connection came back: `db.client.connection.use_time`.
    pub fn used(&self, took: Duration) {
        USE_TIME.record(took, &*self.0.name);
    }

    /// Somebody got no connection in time: `db.client.connection.timeouts`.
    pub fn timed_out(&self) {
        TIMEOUTS.add(1, &*self.0.name);
    }

    /// Has the pool looked at whenever somebody reads metrics, until what is returned is dropped:
    /// `db.client.connection.count` by state, and `.max`, `.idle.max`, `.idle.min` and
    /// `.pending_requests` as far as they are known.
    pub fn observe(&self, state: impl Fn() -> PoolState + Send + Sync + 'static) -> Attached {
        metric::attach(Watched {
            metrics: self.clone(),
            state,
        })
    }
}

/// A pool that is looked at.
struct Watched<F> {
    metrics: PoolMetrics,
    state: F,
}

impl<F: Fn() -> PoolState + Send + Sync + 'static> Source for Watched<F> {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        let state = (self.state)();
        let counts = [(state.idle, Some("idle")), (state.used, Some("used"))];
        let alone = |number: Option<u32>| number.map(|number| (number, None));
        for (name, unit, description, numbers) in [
            (
                "db.client.connection.count",
                "{connection}",
                "The number of connections that are currently in state described by the `state` attribute.",
                &counts[..],
            ),
            (
                "db.client.connection.max",
                "{connection}",
                "The maximum number of open connections allowed.",
                alone(state.max).as_slice(),
            ),
            (
                "db.client.connection.idle.max",
                "{connection}",
                "The maximum number of idle open connections allowed.",
                alone(state.idle_max).as_slice(),
            ),
            (
                "db.client.connection.idle.min",
                "{connection}",
                "The minimum number of idle open connections allowed.",
                alone(state.idle_min).as_slice(),
            ),
            (
                "db.client.connection.pending_requests",
                "{request}",
                "The number of current pending requests for an open connection.",
                alone(state.pending).as_slice(),
            ),
        ] {
            if !numbers.is_empty() {
                give(self.sum(name, unit, description, numbers));
            }
        }
    }
}

impl<F> Watched<F> {
    fn sum(
        &self,
        name: &'static str,
        unit: &'static str,
        description: &'static str,
        numbers: &[(u32, Option<&'static str>)],
    ) -> Metric {
        let point = |&(number, state): &(u32, Option<&'static str>)| {
            let name = self.metrics.0.name.to_string();
            let mut attributes: Attributes = vec![(POOL_NAME.into(), name.into())];
            attributes.extend(state.map(|state| (STATE.into(), state.into())));
            NumberPoint {
                attributes,
                start_unix_ns: 0,
                unix_ns: 0,
                value: NumberValue::Int(number.into()),
                exemplars: Vec::new(),
            }
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
                points: numbers.iter().map(point).collect(),
            },
        }
    }
}
