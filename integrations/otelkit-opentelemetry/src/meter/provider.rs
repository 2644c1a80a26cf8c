//! Who makes instruments for libraries.

use std::borrow::Cow;
use std::sync::{Arc, Once};

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{self as api, InstrumentProvider};
use otel_runtime::metric::{self, Kind, Metric, MetricScope, Number, Source};

use super::instrument::{self, Declared, Handle, OWNER};
use super::observable;

/// Gives meters whose instruments are counted as those of the runtime.
///
/// [`install`](crate::install) makes it the API's global one; it can also be given to a library that
/// takes a provider.
///
/// ```
/// use opentelemetry::KeyValue;
/// use opentelemetry::metrics::MeterProvider as _;
/// use otelkit_opentelemetry::MeterProvider;
///
/// let meter = MeterProvider::new().meter("my-library");
/// let calls = meter.u64_counter("calls").with_unit("{call}").build();
/// calls.add(1, &[KeyValue::new("method", "GET")]);
/// ```
///
/// Histograms have the boundaries that the library advises, or else exponential buckets. An instrument
/// that is declared again, by the same scope, name and kind, is the same one; of several scopes, what
/// has one name, kind and unit becomes one metric, as everywhere in the runtime. An instrument has 2000 series at most,
/// and one more with `otel.metric.overflow` for all other attributes; there are 2000 instruments at
/// most, and 2000 observed ones. Values of an instrument that cannot be, for its name or because there
/// are too many, are counted as lost ([`Stats::dropped_measurements`](otel_runtime::Stats)).
///
/// # Cost
/// A look-up of the attributes in a table of the instrument, behind a shared lock, and then that of an
/// instrument of ours; without attributes no look-up.
#[derive(Clone, Debug)]
pub struct MeterProvider(());

impl MeterProvider {
    /// A provider. What is counted appears beside the runtime's own metrics from now on.
    #[must_use]
    pub fn new() -> Self {
        static ATTACHED: Once = Once::new();
        ATTACHED.call_once(|| metric::attach(Counted).forever());
        Self(())
    }
}

impl Default for MeterProvider {
    fn default() -> Self {
        Self::new()
    }
}

impl api::MeterProvider for MeterProvider {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> api::Meter {
        let scope = MetricScope {
            name: scope.name().to_owned().into(),
            version: scope.version().unwrap_or_default().to_owned().into(),
        };
        api::Meter::new(Arc::new(Instruments { scope }))
    }
}

/// All that is counted in instruments of libraries.
struct Counted;

impl Source for Counted {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        metric::loose_metrics(OWNER).into_iter().for_each(give);
    }
}

/// Makes the instruments of a scope.
#[derive(Debug)]
struct Instruments {
    scope: MetricScope,
}

impl Instruments {
    fn declared(
        &self,
        kind: Kind,
        name: Cow<'static, str>,
        unit: Option<Cow<'static, str>>,
        description: Option<Cow<'static, str>>,
    ) -> Declared {
        Declared {
            scope: self.scope.clone(),
            kind,
            boundaries: None,
            name,
            unit: unit.unwrap_or_default(),
            description: description.unwrap_or_default(),
        }
    }
}

/// True if boundaries are finite and rise; there may be none, and then there is one bucket.
fn are_boundaries(boundaries: &[f64]) -> bool {
    let are_finite = boundaries.iter().all(|boundary| boundary.is_finite());
    are_finite && boundaries.is_sorted_by(|one, next| one < next)
}

macro_rules! counted {
    ($($name:ident: $instrument:ident<$number:ty> = $kind:expr;)+) => {$(
        fn $name(
            &self,
            builder: api::InstrumentBuilder<'_, api::$instrument<$number>>,
        ) -> api::$instrument<$number> {
            let declared =
                self.declared($kind, builder.name, builder.unit, builder.description);
            api::$instrument::new(Arc::new(Handle(instrument::declare(declared))))
        }
    )+};
}

macro_rules! observed {
    ($($name:ident: $instrument:ident<$number:ty> = $kind:expr;)+) => {$(
        fn $name(
            &self,
            builder: api::AsyncInstrumentBuilder<'_, api::$instrument<$number>, $number>,
        ) -> api::$instrument<$number> {
            let declared =
                self.declared($kind, builder.name, builder.unit, builder.description);
            observable::declare(declared, builder.callbacks);
            api::$instrument::new()
        }
    )+};
}

macro_rules! histograms {
    ($($name:ident: $number:ty;)+) => {$(
        fn $name(
            &self,
            builder: api::HistogramBuilder<'_, api::Histogram<$number>>,
        ) -> api::Histogram<$number> {
            let boundaries = builder.boundaries;
            let is_possible = boundaries.as_deref().is_none_or(are_boundaries);
            let declared = is_possible.then(|| Declared {
                boundaries,
                ..self.declared(
                    Kind::ExponentialHistogram,
                    builder.name,
                    builder.unit,
                    builder.description,
                )
            });
            api::Histogram::new(Arc::new(Handle(declared.and_then(instrument::declare))))
        }
    )+};
}

impl InstrumentProvider for Instruments {
    counted! {
        u64_counter: Counter<u64> = Kind::Counter(Number::Int);
        f64_counter: Counter<f64> = Kind::Counter(Number::Double);
        i64_up_down_counter: UpDownCounter<i64> = Kind::UpDownCounter(Number::Int);
        f64_up_down_counter: UpDownCounter<f64> = Kind::UpDownCounter(Number::Double);
        u64_gauge: Gauge<u64> = Kind::Gauge(Number::Int);
        i64_gauge: Gauge<i64> = Kind::Gauge(Number::Int);
        f64_gauge: Gauge<f64> = Kind::Gauge(Number::Double);
    }
    observed! {
        u64_observable_counter: ObservableCounter<u64> = Kind::Counter(Number::Int);
        f64_observable_counter: ObservableCounter<f64> = Kind::Counter(Number::Double);
        i64_observable_up_down_counter: ObservableUpDownCounter<i64> =
            Kind::UpDownCounter(Number::Int);
        f64_observable_up_down_counter: ObservableUpDownCounter<f64> =
            Kind::UpDownCounter(Number::Double);
        u64_observable_gauge: ObservableGauge<u64> = Kind::Gauge(Number::Int);
        i64_observable_gauge: ObservableGauge<i64> = Kind::Gauge(Number::Int);
        f64_observable_gauge: ObservableGauge<f64> = Kind::Gauge(Number::Double);
    }
    histograms! {
        f64_histogram: f64;
        u64_histogram: u64;
    }
}
