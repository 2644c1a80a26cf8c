//! Instruments of the SDK, one for each metric, that say what a reading said.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry::metrics::{Histogram, Meter, MeterProvider};
use opentelemetry::{InstrumentationScope, KeyValue, Value};
use opentelemetry_sdk::metrics::{
    Aggregation, Instrument, InstrumentKind, SdkMeterProvider, Stream, Temporality,
};

use super::before::Before;
use super::replay;
use super::told::Told;
use crate::metric::{
    AttributeValue, Attributes, Deltas, Metric, MetricScope, Metrics, NumberPoint, NumberValue,
    Points,
};

/// The instruments made so far.
pub(super) struct Feed {
    /// That the exporter prefers.
    temporality: Temporality,
    meters: HashMap<MetricScope, Meter>,
    observed: HashMap<Key, Observed>,
    /// What counters had reached when the provider was made.
    before: Before,
    /// Of counters, for an exporter that prefers deltas.
    told: HashMap<Key, Told>,
    histograms: HashMap<Key, Histogram<f64>>,
    /// What was recorded already.
    recorded: Deltas,
    wanted: Wanted,
}

/// A metric: its name, its unit, and what kind of instrument it takes.
type Key = (Cow<'static, str>, Cow<'static, str>, Shape);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    Counter(IsWhole),
    UpDownCounter(IsWhole),
    Gauge(IsWhole),
    Histogram,
    ExponentialHistogram,
}

type IsWhole = bool;
/// What a callback of the SDK's is to say.
type Observed = Arc<Mutex<Vec<(Vec<KeyValue>, NumberValue)>>>;
/// What instruments are to be like, by name; the SDK asks for it when one is made.
type Wanted = Arc<Mutex<HashMap<String, Wish>>>;

#[derive(Clone, Debug)]
struct Wish {
    /// Of a histogram that has fixed ones.
    boundaries: Option<Vec<f64>>,
    series: usize,
}

/// The SDK takes memory for all series that there may be, when it makes an instrument. Further ones
/// end in its overflow.
const LEAST_SERIES: usize = 2000;
const GROWTH: usize = 4;

/// How the SDK aggregates what it is fed with.
pub(super) fn stream(
    feed: &Feed,
) -> impl Fn(&Instrument) -> Option<Stream> + Send + Sync + 'static {
    let wanted = Arc::clone(&feed.wanted);
    move |instrument| {
        let wish = lock(&wanted).get(instrument.name()).cloned()?;
        let most_series = LEAST_SERIES.max(wish.series * GROWTH);
        let stream = Stream::builder().with_cardinality_limit(most_series);
        let stream = if instrument.kind() == InstrumentKind::Histogram {
            // What is recorded once more is not what the least and the greatest value were.
            let record_min_max = false;
            stream.with_aggregation(match wish.boundaries {
                Some(boundaries) => Aggregation::ExplicitBucketHistogram {
                    boundaries,
                    record_min_max,
                },
                None => Aggregation::Base2ExponentialHistogram {
                    max_size: 160,
                    max_scale: 8,
                    record_min_max,
                },
            })
        } else {
            stream
        };
        stream.build().ok()
    }
}

impl Feed {
    /// For an exporter that prefers `temporality`.
    pub(super) fn new(temporality: Temporality) -> Self {
        Self {
            temporality,
            meters: HashMap::new(),
            observed: HashMap::new(),
            before: Before::default(),
            told: HashMap::new(),
            histograms: HashMap::new(),
            recorded: Deltas::default(),
            wanted: Wanted::default(),
        }
    }

    /// Leaves out what was counted before the provider was made: its sums begin with it.
    pub(super) fn leave_out(&mut self, metrics: &Metrics) {
        self.before.take(metrics);
        let _ = self.recorded.take(metrics);
    }

    /// Has the instruments of `provider` say what these metrics say.
    pub(super) fn take(&mut self, metrics: &Metrics, provider: &SdkMeterProvider) {
        for observed in self.observed.values() {
            lock(observed).clear();
        }
        self.told.values_mut().for_each(Told::begin_reading);
        let since = self.recorded.take(metrics);
        for (metric, new) in metrics.list.iter().zip(&since.list) {
            match &metric.points {
                Points::Sum {
                    points,
                    is_monotonic,
                    ..
                } => {
                    let shape = if *is_monotonic {
                        Shape::Counter(are_whole(points))
                    } else {
                        Shape::UpDownCounter(are_whole(points))
                    };
                    let points = self.before.since(metric, points);
                    self.observe(metric, shape, &points, provider);
                }
                Points::Gauge(points) => {
                    self.observe(metric, Shape::Gauge(are_whole(points)), points, provider);
                }
                Points::Histogram { .. } | Points::ExponentialHistogram { .. } => {
                    self.record(metric, &new.points, provider);
                }
            }
        }
    }

    fn observe(
        &mut self,
        metric: &Metric,
        shape: Shape,
        points: &[NumberPoint],
        provider: &SdkMeterProvider,
    ) {
        let key = (metric.name.clone(), metric.unit.clone(), shape);
        let meter = meter(&mut self.meters, &metric.scope, provider);
        let wanted = &self.wanted;
        let observed = self.observed.entry(key.clone()).or_insert_with(|| {
            wish(wanted, metric, None);
            let observed = Observed::default();
            make(meter, metric, shape, &observed);
            observed
        });
        let mut observed = lock(observed);
        let say = |point: &NumberPoint| (key_values(&point.attributes), point.value);
        match (self.temporality, shape) {
            (Temporality::Delta, Shape::Counter(is_whole)) => {
                let told = self.told.entry(key).or_default();
                let falls = if is_whole {
                    |now, before| unsigned(now) < unsigned(before)
                } else {
                    |now, before| double(now) < double(before)
                };
                observed.extend(told.take(points, falls).map(say));
            }
            _ => observed.extend(points.iter().map(say)),
        }
    }

    fn record(&mut self, metric: &Metric, new: &Points, provider: &SdkMeterProvider) {
        let (shape, boundaries) = match &metric.points {
            Points::Histogram { boundaries, .. } => (Shape::Histogram, Some(boundaries.to_vec())),
            _ => (Shape::ExponentialHistogram, None),
        };
        let key = (metric.name.clone(), metric.unit.clone(), shape);
        let meter = meter(&mut self.meters, &metric.scope, provider);
        let wanted = &self.wanted;
        let histogram = self.histograms.entry(key).or_insert_with(|| {
            wish(wanted, metric, boundaries);
            meter
                .f64_histogram(metric.name.clone())
                .with_unit(metric.unit.clone())
                .with_description(metric.description.clone())
                .build()
        });
        replay::each_value(new, |attributes, value, count| {
            let attributes = key_values(attributes);
            (0..count).for_each(|_| histogram.record(value, &attributes));
        });
    }
}

/// Says what the instrument is to be like that is made next.
fn wish(wanted: &Wanted, metric: &Metric, boundaries: Option<Vec<f64>>) {
    let series = metric.points.len();
    let wish = Wish { boundaries, series };
    lock(wanted).insert(metric.name.to_string(), wish);
}

fn meter<'a>(
    meters: &'a mut HashMap<MetricScope, Meter>,
    scope: &MetricScope,
    provider: &SdkMeterProvider,
) -> &'a Meter {
    meters.entry(scope.clone()).or_insert_with(|| {
        let mut builder = InstrumentationScope::builder(scope.name.clone());
        if !scope.version.is_empty() {
            builder = builder.with_version(scope.version.clone());
        }
        provider.meter_with_scope(builder.build())
    })
}

/// Makes an instrument that says what was observed. It lives as long as the provider.
fn make(meter: &Meter, metric: &Metric, shape: Shape, observed: &Observed) {
    macro_rules! build {
        ($builder:ident, $number:ident) => {{
            let observed = Arc::clone(observed);
            meter
                .$builder(metric.name.clone())
                .with_unit(metric.unit.clone())
                .with_description(metric.description.clone())
                .with_callback(move |observer| {
                    for (attributes, value) in &*lock(&observed) {
                        observer.observe($number(*value), attributes);
                    }
                })
                .build();
        }};
    }
    match shape {
        Shape::Counter(true) => build!(u64_observable_counter, unsigned),
        Shape::Counter(false) => build!(f64_observable_counter, double),
        Shape::UpDownCounter(true) => build!(i64_observable_up_down_counter, signed),
        Shape::UpDownCounter(false) => build!(f64_observable_up_down_counter, double),
        Shape::Gauge(true) => build!(i64_observable_gauge, signed),
        Shape::Gauge(false) => build!(f64_observable_gauge, double),
        // They record values.
        Shape::Histogram | Shape::ExponentialHistogram => {}
    }
}

fn are_whole(points: &[NumberPoint]) -> IsWhole {
    points
        .iter()
        .all(|point| matches!(point.value, NumberValue::Int(_)))
}

fn signed(value: NumberValue) -> i64 {
    match value {
        NumberValue::Int(value) => value,
        NumberValue::Double(value) => value as i64,
    }
}

fn unsigned(value: NumberValue) -> u64 {
    signed(value).cast_unsigned()
}

fn double(value: NumberValue) -> f64 {
    match value {
        NumberValue::Int(value) => value as f64,
        NumberValue::Double(value) => value,
    }
}

fn key_values(attributes: &Attributes) -> Vec<KeyValue> {
    let value = |value: &AttributeValue| match value {
        AttributeValue::Bool(value) => Value::Bool(*value),
        AttributeValue::Int(value) => Value::I64(*value),
        AttributeValue::Str(text) => Value::String(text.to_string().into()),
    };
    attributes
        .iter()
        .map(|(key, of_key)| KeyValue::new(key.clone(), value(of_key)))
        .collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
