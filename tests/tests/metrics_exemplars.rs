//! A value that was counted within a sampled span leads to that span.

use std::panic::catch_unwind;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use futures_core::Stream;
use otel_runtime::export::{MemoryExporter, SpanData};
use otel_runtime::metric::{
    Counter, Exemplar, ExemplarFilter, Histogram, Metrics, NumberValue, Points, UpDownCounter,
};
use otel_runtime::{Config, Sampler, SpanId, Telemetry, TraceId, install, metered, traced};

const TIMEOUT: Duration = Duration::from_secs(10);

/// Does this with a runtime of its own; one at a time, as a process has one. The spans there were.
fn during(config: Config, work: impl FnOnce(&Telemetry)) -> Vec<SpanData> {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let memory = MemoryExporter::new();
    let telemetry = install(config.with_exporter(memory.clone())).unwrap();
    work(&telemetry);
    telemetry.shutdown(TIMEOUT).unwrap();
    memory.take()
}

/// The exemplars of each series of this metric that has some, and whether something of the same
/// series was counted in the bucket of each.
fn exemplars(metrics: &Metrics, name: &str) -> Vec<Vec<Exemplar>> {
    let mut all: Vec<Vec<Exemplar>> = match &metrics.metric(name).unwrap().points {
        Points::Sum { points, .. } | Points::Gauge(points) => {
            points.iter().map(|point| point.exemplars.clone()).collect()
        }
        Points::Histogram {
            points, boundaries, ..
        } => (points.iter())
            .map(|point| {
                for value in point.exemplars.iter().map(value) {
                    let bucket = boundaries.iter().take_while(|bound| **bound < value);
                    assert!(point.counts[bucket.count()] > 0, "{point:?}");
                }
                point.exemplars.clone()
            })
            .collect(),
        Points::ExponentialHistogram { points, .. } => (points.iter())
            .map(|point| {
                for value in point.exemplars.iter().map(value) {
                    let place = (0..point.counts.len())
                        .find(|place| value <= point.upper_boundary(*place))
                        .unwrap();
                    assert!(point.counts[place] > 0, "{point:?}");
                }
                point.exemplars.clone()
            })
            .collect(),
    };
    all.retain(|exemplars| !exemplars.is_empty());
    all
}

fn value(exemplar: &Exemplar) -> f64 {
    match exemplar.value {
        NumberValue::Double(value) => value,
        NumberValue::Int(value) => value as f64,
    }
}

fn ids(span: &SpanData) -> Option<(TraceId, SpanId)> {
    Some((span.trace_id, span.span_id))
}

fn seconds(span: &SpanData) -> f64 {
    (span.end_unix_ns - span.start_unix_ns) as f64 * 1e-9
}

/// One exemplar for each span, with its ids and its duration, and of the counter too.
#[track_caller]
fn assert_each_leads_to_its_span(metrics: &Metrics, name: &str, spans: &[SpanData]) {
    for span in spans {
        let is_of_span = |exemplars: &Vec<Exemplar>| exemplars[0].span == ids(span);
        let durations = exemplars(metrics, &format!("{name}.duration"));
        let [exemplar] = &durations.iter().find(|all| is_of_span(all)).unwrap()[..] else {
            panic!("{durations:?}");
        };
        let difference = (value(exemplar) - seconds(span)).abs();
        assert!(difference < 6e-9 + seconds(span) * 1e-3, "{difference}");
        let calls = exemplars(metrics, &format!("{name}.calls"));
        let [one] = &calls.iter().find(|all| is_of_span(all)).unwrap()[..] else {
            panic!("{calls:?}");
        };
        assert_eq!(one.value, NumberValue::Int(1));
        assert_eq!(one.unix_ns, exemplar.unix_ns);
        assert!(span.start_unix_ns <= one.unix_ns + 1_000_000, "{span:?}");
    }
}

#[traced]
#[metered(name = "stacked", labels(fail))]
fn stacked(fail: bool) -> Result<(), std::fmt::Error> {
    inside();
    if fail { Err(std::fmt::Error) } else { Ok(()) }
}

#[traced(name = "inside")]
fn inside() {}

#[metered(name = "panicking", buckets(0.5, 5.0))]
#[traced]
fn panicking() {
    panic!("as it was told to");
}

#[test]
fn the_exemplar_of_a_stacked_function_is_its_own_span() {
    let mut metrics = Metrics::default();
    let spans = during(Config::new(), |telemetry| {
        let _ = (stacked(false), stacked(true));
        let _ = catch_unwind(panicking);
        metrics = telemetry.metrics();
    });
    let named = |name: &str| -> Vec<SpanData> {
        let spans = spans.iter().filter(|span| span.name.ends_with(name));
        spans.cloned().collect()
    };
    assert_eq!((named("stacked").len(), named("panicking").len()), (2, 1));
    assert_each_leads_to_its_span(&metrics, "stacked", &named("stacked"));
    assert_each_leads_to_its_span(&metrics, "panicking", &named("panicking"));
}

#[traced]
#[metered(name = "asynchronous", labels(fail))]
async fn asynchronous(fail: bool) -> Result<(), std::fmt::Error> {
    yielding().await;
    if fail { Err(std::fmt::Error) } else { Ok(()) }
}

fn yielding() -> impl Future<Output = ()> {
    let mut is_ready = false;
    std::future::poll_fn(move |_| match std::mem::replace(&mut is_ready, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
}

#[metered(name = "busy")]
#[traced(busy)]
async fn busy() {
    yielding().await;
}

struct Numbers(u32);

impl Stream for Numbers {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u32>> {
        self.0 = self.0.saturating_sub(1);
        Poll::Ready((self.0 > 0).then_some(self.0))
    }
}

#[traced]
#[metered(name = "streaming")]
fn streaming() -> impl Stream<Item = u32> {
    Numbers(3)
}

fn poll_to_end(mut future: Pin<&mut impl Future>) {
    let mut cx = Context::from_waker(Waker::noop());
    while future.as_mut().poll(&mut cx).is_pending() {}
}

#[test]
fn so_is_that_of_a_future_or_stream_however_it_ends() {
    let mut metrics = Metrics::default();
    let spans = during(Config::new(), |telemetry| {
        poll_to_end(pin!(asynchronous(false)));
        poll_to_end(pin!(asynchronous(true)));
        let mut cx = Context::from_waker(Waker::noop());
        let mut given_up = Box::pin(asynchronous(false));
        assert!(given_up.as_mut().poll(&mut cx).is_pending());
        drop(given_up);
        poll_to_end(pin!(busy()));
        let mut stream = pin!(streaming());
        while stream.as_mut().poll_next(&mut cx) != Poll::Ready(None) {}
        metrics = telemetry.metrics();
    });
    for (name, count) in [("asynchronous", 3), ("busy", 1), ("streaming", 1)] {
        let spans: Vec<_> = spans.iter().filter(|span| span.name == name).collect();
        let spans: Vec<SpanData> = spans.into_iter().cloned().collect();
        assert_eq!(spans.len(), count, "{name}");
        assert_each_leads_to_its_span(&metrics, name, &spans);
    }
}

#[metered(name = "within")]
fn within() {}

#[traced]
fn around() {
    within();
    SIZES.record(700.0, ());
    SIZES.record(7.0, ());
    SIZES.record(6.0, ());
    ORDERS.add(3, true);
    PRICES.add(2.5, ());
    OPEN.add(1, ());
}

static SIZES: Histogram = Histogram::new("exemplars.sizes", &[]).buckets(&[10.0, 100.0]);
static ORDERS: Counter<bool> = Counter::new("exemplars.orders", &["gift"]);
static PRICES: Counter<(), f64> = Counter::new("exemplars.prices", &[]);
static OPEN: UpDownCounter = UpDownCounter::new("exemplars.open", &[]);

#[test]
fn what_has_no_span_of_its_own_belongs_to_the_current_one() {
    let mut metrics = Metrics::default();
    let spans = during(Config::new(), |telemetry| {
        around();
        metrics = telemetry.metrics();
    });
    let span = ids(&spans[0]);
    let of = |name: &str| {
        let all = exemplars(&metrics, name);
        let values = all.into_iter().flatten().map(|exemplar| {
            assert_eq!(exemplar.span, span);
            value(&exemplar)
        });
        values.collect::<Vec<_>>()
    };
    assert_eq!(of("within.duration").len(), 1);
    // the first of its bucket, and none where nothing was counted
    assert_eq!(of("exemplars.sizes"), [7.0, 700.0]);
    assert_eq!(of("exemplars.orders"), [3.0]);
    assert_eq!(of("exemplars.prices"), [2.5]);
    assert!(of("exemplars.open").is_empty());
}

/// With this configuration, the exemplars of a function, of what is in it, and of what is outside
/// of any span.
fn found_with(config: Config) -> [Vec<Option<(TraceId, SpanId)>>; 3] {
    let mut metrics = Metrics::default();
    during(config, |telemetry| {
        // What is wished for is what came after the last reading.
        let _ = telemetry.metrics();
        let _ = stacked(false);
        around();
        ORDERS.add(1, false);
        metrics = telemetry.metrics();
    });
    ["stacked.duration", "exemplars.prices", "exemplars.orders"].map(|name| {
        let all = exemplars(&metrics, name).into_iter().flatten();
        all.map(|exemplar| exemplar.span).collect()
    })
}

#[test]
fn the_filter_decides_which_values_count() {
    let unsampled = || Config::new().sampler(Sampler::AlwaysOff);
    let found = found_with(unsampled());
    assert_eq!(found, [vec![], vec![], vec![]]);

    let found = found_with(Config::new().exemplar_filter(ExemplarFilter::AlwaysOff));
    assert_eq!(found, [vec![], vec![], vec![]]);

    let found = found_with(unsampled().exemplar_filter(ExemplarFilter::AlwaysOn));
    assert_eq!(found, [vec![None], vec![None], vec![None, None]]);

    let [stacked, prices, orders] =
        found_with(Config::new().exemplar_filter(ExemplarFilter::AlwaysOn));
    assert!(stacked[0].is_some() && prices[0].is_some());
    assert_eq!(orders.iter().filter(|span| span.is_none()).count(), 1);

    let variables = [
        ("OTEL_METRICS_EXEMPLAR_FILTER", "always_off"),
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "none"),
    ];
    let found = found_with(Config::from_vars(variables).unwrap());
    assert_eq!(found, [vec![], vec![], vec![]]);
}

#[test]
fn an_exemplar_stays_for_every_reader_until_there_is_a_newer_one() {
    during(Config::new(), |telemetry| {
        let orders = || exemplars(&telemetry.metrics(), "exemplars.orders");
        around();
        let first = orders();
        assert_eq!(orders(), first);
        around();
        let second = orders();
        assert_ne!(second, first);
        assert_eq!(orders(), second);
    });
}

static MARKS: Histogram = Histogram::new("exemplars.marks", &[]);

/// Counts a value that tells its span.
#[traced]
fn marked() {
    let context = otel_runtime::current_context().unwrap();
    MARKS.record(mark(context.span_id), ());
}

fn mark(span: SpanId) -> f64 {
    // as many bits as are exact
    (span.get() >> 12 | 1) as f64
}

#[test]
fn ids_and_value_are_always_those_of_one_call() {
    const CALLS: usize = 3_000;
    const THREADS: usize = 4;
    let mut seen = Vec::new();
    let spans = during(Config::new(), |telemetry| {
        let running = AtomicUsize::new(THREADS);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    let _ = catch_unwind(|| (0..CALLS).for_each(|_| marked()));
                    running.fetch_sub(1, Ordering::Relaxed);
                });
            }
            let reader = || {
                let mut seen = Vec::new();
                while running.load(Ordering::Relaxed) > 0 {
                    let metrics = telemetry.metrics();
                    if metrics.metric("exemplars.marks").is_some() {
                        seen.extend(exemplars(&metrics, "exemplars.marks").concat());
                    }
                }
                seen
            };
            let other = scope.spawn(reader);
            seen.extend(reader());
            seen.extend(other.join().unwrap());
        });
        seen.extend(exemplars(&telemetry.metrics(), "exemplars.marks").concat());
    });
    assert!(!seen.is_empty());
    for exemplar in seen {
        let (trace_id, span_id) = exemplar.span.unwrap();
        assert_eq!(exemplar.value, NumberValue::Double(mark(span_id)));
        // A full buffer may have lost the span.
        let span = spans.iter().find(|span| span.span_id == span_id);
        assert!(span.is_none_or(|span| span.trace_id == trace_id));
    }
}
