//! What calls are counted in, and divided by.

use otel_runtime::metric::{Histogram, LabelValue, Labels, Value, Values};

/// What the calls of a server are divided by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerSeries<'a> {
    pub(crate) method: &'a str,
    pub(crate) status: &'a str,
    pub(crate) error: Option<&'a str>,
}

/// What the calls of a client are divided by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientSeries<'a> {
    pub(crate) call: ServerSeries<'a>,
    pub(crate) address: Option<&'a str>,
    pub(crate) port: Option<u16>,
}

pub(crate) struct OfServer;
pub(crate) struct OfClient;

/// The most series of an instrument; further ones are counted together.
const MOST_SERIES: usize = 1000;

impl Labels for OfServer {
    const WIDTH: usize = 4;
    const COUNT: usize = 1;
    const OPEN: usize = 4;
    const PLACES: usize = MOST_SERIES;
    const SERIES: usize = MOST_SERIES;

    type Given<'a> = ServerSeries<'a>;

    fn index(_: &ServerSeries<'_>) -> usize {
        0
    }

    fn values<'a>(given: &ServerSeries<'a>, values: &mut Values<'a>) {
        values.push("grpc".into());
        values.push(given.method.into());
        values.push(given.status.into());
        values.push(given.error.map_or(Value::Missing, Value::from));
    }

    fn describe(_: usize, say: &mut dyn FnMut(LabelValue)) {
        (0..Self::WIDTH).for_each(|_| say(LabelValue::Open));
    }
}

impl Labels for OfClient {
    const WIDTH: usize = 6;
    const COUNT: usize = 1;
    const OPEN: usize = 6;
    const PLACES: usize = MOST_SERIES;
    const SERIES: usize = MOST_SERIES;

    type Given<'a> = ClientSeries<'a>;

    fn index(_: &ClientSeries<'_>) -> usize {
        0
    }

    fn values<'a>(given: &ClientSeries<'a>, values: &mut Values<'a>) {
        OfServer::values(&given.call, values);
        values.push(given.address.map_or(Value::Missing, Value::from));
        values.push(given.port.map_or(Value::Missing, Value::from));
    }

    fn describe(_: usize, say: &mut dyn FnMut(LabelValue)) {
        (0..Self::WIDTH).for_each(|_| say(LabelValue::Open));
    }
}

/// What the conventions recommend.
const DURATIONS_SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

#[otel_runtime::metric]
pub(crate) static SERVER_DURATION: Histogram<OfServer> = Histogram::new(
    "rpc.server.call.duration",
    &[
        "rpc.system.name",
        "rpc.method",
        "rpc.response.status_code",
        "error.type",
    ],
)
.unit("s")
.buckets(DURATIONS_SECONDS)
.description("Measures the duration of an incoming Remote Procedure Call (RPC).")
.scope(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));

#[otel_runtime::metric]
pub(crate) static CLIENT_DURATION: Histogram<OfClient> = Histogram::new(
    "rpc.client.call.duration",
    &[
        "rpc.system.name",
        "rpc.method",
        "rpc.response.status_code",
        "error.type",
        "server.address",
        "server.port",
    ],
)
.unit("s")
.buckets(DURATIONS_SECONDS)
.description("Measures the duration of an outgoing Remote Procedure Call (RPC).")
.scope(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
