//! How long calls take: `db.client.operation.duration`.

use std::time::Duration;

use otel_runtime::metric::{Histogram, LabelValue, Labels, Value, Values};

/// What durations are divided by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Series<'a> {
    pub(crate) operation: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) address: Option<&'a str>,
    pub(crate) port: Option<u16>,
    pub(crate) error_type: Option<&'a str>,
    pub(crate) status: Option<&'a str>,
}

/// Labels with one cap for all combinations of their values that occur.
struct OfOperation;

/// Further combinations are counted together.
const MOST_SERIES: usize = 1000;
const KEYS: [&str; 7] = [
    "db.system.name",
    "db.operation.name",
    "db.namespace",
    "server.address",
    "server.port",
    "error.type",
    "db.response.status_code",
];

impl Labels for OfOperation {
    const WIDTH: usize = KEYS.len();
    const COUNT: usize = 1;
    const OPEN: usize = KEYS.len() - 1;
    const PLACES: usize = MOST_SERIES;
    const SERIES: usize = MOST_SERIES;

    type Given<'a> = Series<'a>;

    fn index(_: &Series<'_>) -> usize {
        0
    }

    fn values<'a>(series: &Series<'a>, values: &mut Values<'a>) {
        let text = |text: Option<&'a str>| text.map_or(Value::Missing, Value::from);
        values.push(Value::from(series.operation));
        values.push(Value::from(series.namespace));
        values.push(text(series.address));
        values.push(series.port.map_or(Value::Missing, Value::from));
        values.push(text(series.error_type));
        values.push(text(series.status));
    }

    fn describe(_: usize, say: &mut dyn FnMut(LabelValue)) {
        say(LabelValue::Str("redis"));
        (0..Self::OPEN).for_each(|_| say(LabelValue::Open));
    }
}

static DURATIONS: Histogram<OfOperation> = Histogram::new("db.client.operation.duration", &KEYS)
    .unit("s")
    .description("Duration of database client operations.")
    .buckets(&[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0])
    .scope(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));

/// True if a runtime is installed.
#[inline]
pub(crate) fn are_wanted() -> bool {
    DURATIONS.is_on()
}

pub(crate) fn record(duration: Duration, series: Series<'_>) {
    DURATIONS.record(duration, series);
}
