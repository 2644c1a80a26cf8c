//! A pool of connections by [`r2d2`]: its connections are recorded, and it is counted what they wait
//! for.
//!
//! ```no_run
//! use otelkit_redis::pool::{Manager, observe};
//! use redis::Commands;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let manager = Manager::new("cache", redis::Client::open("redis://127.0.0.1/")?);
//! let pool = r2d2::Pool::builder()
//!     .max_size(8)
//!     .event_handler(manager.events())
//!     .build(manager)?;
//! let observed = observe("cache", &pool);
//! let visits: u64 = pool.get()?.incr("visits", 1)?;
//! # drop(observed);
//! # Ok(())
//! # }
//! ```
//!
//! | metric, each with `db.client.connection.pool.name` | from |
//! |---|---|
//! | `db.client.connection.create_time` | [`Manager`] |
//! | `db.client.connection.wait_time`, `.use_time`, `.timeouts` | [`Manager::events`] |
//! | `db.client.connection.count` by `db.client.connection.state`, `.max`, `.idle.max`, `.idle.min` | [`observe`] |
//!
//! How many wait at the moment, `db.client.connection.pending_requests`, `r2d2` does not say.

use std::sync::Arc;
use std::time::Instant;

use otel_runtime::metric::{
    self, Attached, Attributes, Counter, Histogram, Metric, MetricScope, NumberPoint, NumberValue,
    Open, Points, Source, Temporality,
};
use r2d2::event::{CheckinEvent, CheckoutEvent, TimeoutEvent};
use r2d2::{HandleEvent, ManageConnection, Pool};
use redis::{Client, Connection, ConnectionLike, RedisError, RedisResult};

use crate::connection::Traced;

const POOL_NAME: &str = "db.client.connection.pool.name";
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

static CREATE_TIME: Histogram<Open<MOST_POOLS>> = times(
    "db.client.connection.create_time",
    "How long it took to open a connection.",
);
static WAIT_TIME: Histogram<Open<MOST_POOLS>> = times(
    "db.client.connection.wait_time",
    "How long it took to get a connection from the pool.",
);
static USE_TIME: Histogram<Open<MOST_POOLS>> = times(
    "db.client.connection.use_time",
    "How long a connection was away from the pool.",
);
static TIMEOUTS: Counter<Open<MOST_POOLS>> =
    Counter::new("db.client.connection.timeouts", &[POOL_NAME])
        .unit("{timeout}")
        .description("How often there was no connection in time.")
        .scope(SCOPE[0], SCOPE[1]);

/// Opens connections whose commands are recorded, for a pool.
#[derive(Clone, Debug)]
pub struct Manager {
    name: Arc<str>,
    client: Client,
    query_text: bool,
}

impl Manager {
    /// Of the pool of this name, `db.client.connection.pool.name`.
    #[must_use]
    pub fn new(name: &str, client: Client) -> Self {
        Self {
            name: name.into(),
            client,
            query_text: false,
        }
    }

    /// As [`Traced::query_text`], for all of its connections.
    #[must_use]
    pub const fn query_text(mut self, wanted: bool) -> Self {
        self.query_text = wanted;
        self
    }

    /// What the pool tells of waiting and of use.
    #[must_use]
    pub fn events(&self) -> Box<dyn HandleEvent> {
        Box::new(Events(Arc::clone(&self.name)))
    }
}

impl ManageConnection for Manager {
    type Connection = Traced<Connection>;
    type Error = RedisError;

    fn connect(&self) -> RedisResult<Traced<Connection>> {
        let begun = Instant::now();
        let connection = self.client.get_connection()?;
        CREATE_TIME.record(begun.elapsed(), &*self.name);
        let traced = Traced::new(connection).of(self.client.get_connection_info());
        Ok(traced.query_text(self.query_text))
    }

    /// The question is not recorded: the pool asks it, and not the program.
    fn is_valid(&self, connection: &mut Traced<Connection>) -> RedisResult<()> {
        redis::cmd("PING").exec(connection.get_mut())
    }

    fn has_broken(&self, connection: &mut Traced<Connection>) -> bool {
        !connection.is_open()
    }
}

/// Counts what a pool tells.
#[derive(Debug)]
struct Events(Arc<str>);

impl HandleEvent for Events {
    fn handle_checkout(&self, event: CheckoutEvent) {
        WAIT_TIME.record(event.duration(), &*self.0);
    }

    fn handle_timeout(&self, _: TimeoutEvent) {
        TIMEOUTS.add(1, &*self.0);
    }

    fn handle_checkin(&self, event: CheckinEvent) {
        USE_TIME.record(event.duration(), &*self.0);
    }
}

/// Has a pool of any kind looked at whenever somebody reads metrics, under this name. The pool is
/// kept until what is returned is dropped.
pub fn observe<M: ManageConnection>(name: &str, pool: &Pool<M>) -> Attached {
    metric::attach(Watched {
        name: name.to_owned(),
        pool: pool.clone(),
    })
}

struct Watched<M: ManageConnection> {
    name: String,
    pool: Pool<M>,
}

impl<M: ManageConnection> Watched<M> {
    fn attributes(&self) -> Attributes {
        vec![(POOL_NAME.into(), self.name.clone().into())]
    }

    fn count(&self, state: &'static str, count: u32) -> (Attributes, u32) {
        let mut attributes = self.attributes();
        attributes.push(("db.client.connection.state".into(), state.into()));
        (attributes, count)
    }
}

impl<M: ManageConnection> Source for Watched<M> {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        let state = self.pool.state();
        let most = self.pool.max_size();
        let used = state.connections.saturating_sub(state.idle_connections);
        let counts = vec![
            self.count("idle", state.idle_connections),
            self.count("used", used),
        ];
        let alone = |count| vec![(self.attributes(), count)];
        for (name, description, numbers) in [
            (
                "db.client.connection.count",
                "How many connections there are.",
                counts,
            ),
            (
                "db.client.connection.max",
                "How many connections there may be.",
                alone(most),
            ),
            (
                "db.client.connection.idle.max",
                "How many of them may be idle.",
                alone(most),
            ),
            (
                "db.client.connection.idle.min",
                "How many are kept idle, if there can be so many.",
                alone(self.pool.min_idle().unwrap_or(most)),
            ),
        ] {
            give(sum(name, description, numbers));
        }
    }
}

fn sum(name: &'static str, description: &'static str, numbers: Vec<(Attributes, u32)>) -> Metric {
    let point = |(attributes, number): (Attributes, u32)| NumberPoint {
        attributes,
        start_unix_ns: 0,
        unix_ns: 0,
        value: NumberValue::Int(number.into()),
        exemplars: Vec::new(),
    };
    Metric {
        name: name.into(),
        unit: "{connection}".into(),
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
