//! The metrics of servers and clients, and what they are divided by.
//!
//! All labels of an instrument are open ones with one cap together: a place is taken by each
//! combination that occurs, not by each one that could. The instruments that are about the end of a
//! request have the same ones, which are looked up once.

use otel_runtime::metric::{
    Histogram, LabelValue, Labels, SharedLabels, UpDownCounter, Value, Values,
};

/// What the metrics of a server are divided by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerSeries<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: &'a str,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<&'a str>,
    pub(crate) route: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
}

/// What the metrics of a client are divided by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientSeries<'a> {
    pub(crate) method: &'a str,
    pub(crate) host: Option<&'a str>,
    pub(crate) port: Option<u16>,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
}

/// What the requests in flight are divided by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActiveSeries<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: &'a str,
}

pub(crate) struct OfServer;
pub(crate) struct OfClient;
pub(crate) struct OfActive;

/// The most series of an instrument; further ones are counted together.
const MOST_SERIES: usize = 1000;
const MOST_ACTIVE: usize = 64;

macro_rules! labels {
    ($labels:ident, $given:ident, $width:literal, $most:expr, |$it:ident| [$($value:expr),+]) => {
        impl Labels for $labels {
            const WIDTH: usize = $width;
            const COUNT: usize = 1;
            const OPEN: usize = $width;
            const PLACES: usize = $most;
            const SERIES: usize = $most;

            type Given<'a> = $given<'a>;

            fn index(_: &$given<'_>) -> usize {
                0
            }

            fn values<'a>($it: &$given<'a>, values: &mut Values<'a>) {
                $(values.push($value);)+
            }

            fn describe(_: usize, say: &mut dyn FnMut(LabelValue)) {
                (0..$width).for_each(|_| say(LabelValue::Open));
            }
        }
    };
}

labels!(OfServer, ServerSeries, 6, MOST_SERIES, |it| [
    it.method.into(),
    it.scheme.into(),
    number(it.status),
    text(it.error),
    text(it.route),
    text(it.version)
]);
labels!(OfClient, ClientSeries, 6, MOST_SERIES, |it| [
    it.method.into(),
    text(it.host),
    number(it.port),
    number(it.status),
    text(it.error),
    text(it.version)
]);
labels!(OfActive, ActiveSeries, 2, MOST_ACTIVE, |it| [
    it.method.into(),
    it.scheme.into()
]);

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Missing, Value::from)
}

fn number(number: Option<u16>) -> Value<'static> {
    number.map_or(Value::Missing, Value::from)
}

const SERVER_KEYS: &[&str] = &[
    "http.request.method",
    "url.scheme",
    "http.response.status_code",
    "error.type",
    "http.route",
    "network.protocol.version",
];
const CLIENT_KEYS: &[&str] = &[
    "http.request.method",
    "server.address",
    "server.port",
    "http.response.status_code",
    "error.type",
    "network.protocol.version",
];

/// What the conventions recommend.
const DURATIONS_SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];
/// From an empty body over a packet to what nobody should send.
const SIZES_BYTES: &[f64] = &[
    0.0,
    128.0,
    512.0,
    1024.0,
    4096.0,
    16384.0,
    65536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
    268_435_456.0,
    1_073_741_824.0,
];

const PACKAGE: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The series of requests that a server has handled.
pub(crate) static SERVED: SharedLabels<OfServer> = SharedLabels::new();
/// The series of requests that a client has sent.
pub(crate) static SENT: SharedLabels<OfClient> = SharedLabels::new();

macro_rules! histogram {
    ($($static:ident: $labels:ident in $shared:ident, $name:literal, $keys:ident, $unit:literal, $buckets:ident, $description:literal;)+) => {$(
        #[otel_runtime::metric]
        pub(crate) static $static: Histogram<$labels> = Histogram::new($name, $keys)
            .unit($unit)
            .buckets($buckets)
            .description($description)
            .scope(PACKAGE, VERSION)
            .sharing(&$shared);
    )+};
}

histogram! {
    SERVER_DURATION: OfServer in SERVED, "http.server.request.duration", SERVER_KEYS, "s", DURATIONS_SECONDS,
        "Duration of HTTP server requests.";
    SERVER_REQUEST_SIZE: OfServer in SERVED, "http.server.request.body.size", SERVER_KEYS, "By", SIZES_BYTES,
        "Size of HTTP server request bodies.";
    SERVER_RESPONSE_SIZE: OfServer in SERVED, "http.server.response.body.size", SERVER_KEYS, "By", SIZES_BYTES,
        "Size of HTTP server response bodies.";
    CLIENT_DURATION: OfClient in SENT, "http.client.request.duration", CLIENT_KEYS, "s", DURATIONS_SECONDS,
        "Duration of HTTP client requests.";
    CLIENT_REQUEST_SIZE: OfClient in SENT, "http.client.request.body.size", CLIENT_KEYS, "By", SIZES_BYTES,
        "Size of HTTP client request bodies.";
    CLIENT_RESPONSE_SIZE: OfClient in SENT, "http.client.response.body.size", CLIENT_KEYS, "By", SIZES_BYTES,
        "Size of HTTP client response bodies.";
}

#[otel_runtime::metric]
pub(crate) static SERVER_ACTIVE: UpDownCounter<OfActive> = UpDownCounter::new(
    "http.server.active_requests",
    &["http.request.method", "url.scheme"],
)
.unit("{request}")
.description("Number of active HTTP server requests.")
.scope(PACKAGE, VERSION);
