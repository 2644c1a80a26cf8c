//! Metered functions declared by hand as generated code declares them, and what was counted of
//! their calls.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub use otel_runtime::__private as private;
use otel_runtime::class::{Class, Classification, Code, Codes};
use otel_runtime::export::{MemoryExporter, SpanData};
use otel_runtime::metric::{AttributeValue, Attributes, Metric, Metrics, NumberValue, Points};
use otel_runtime::{Config, Sampler, install};
use private::{Calls, ErrorView, Metered, Observer, Series, Site};

/// Declares what generated code declares of a metered function.
#[macro_export]
macro_rules! declare_metered {
    ($module:ident, [$($site:tt)*], [$($calls:tt)*] $(, $extra:ident = [$($instrument:tt)*])*) => {
        mod $module {
            #[allow(unused_imports, reason = "what a declaration needs of its surroundings differs")]
            use super::*;
            use $crate::declared::private::{self, Calls, Extra, Site, SiteSpec};

            pub(super) static SITE: Site = Site::new(SiteSpec::new(
                stringify!($module), module_path!(), "shop", "1.2.3", file!(), line!(), column!(),
            ) $($site)*);
            pub(super) static CALLS: Calls = Calls::new(&SITE) $($calls)*;
            $(pub(super) static $extra: Extra = $($instrument)*;)*
            private::register_calls!(SITE, place, CALLS $(, $extra)*);
        }
    };
}

/// Errors that are known, one of them twice, and others.
pub const CODES: Codes = Codes::Join(&[
    Codes::List(&[
        Code {
            code: "EMPTY",
            class: Class::InvalidArgument,
        },
        Code {
            code: "GONE",
            class: Class::NotFound,
        },
    ]),
    Codes::Open,
    // Some error types have a code of another once more.
    Codes::List(&[Code {
        code: "GONE",
        class: Class::NotFound,
    }]),
]);

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ends {
    /// With a value.
    Well,
    /// With a known error.
    Empty,
    /// With another one.
    Gone,
    /// With a known code of another class.
    Strange,
    /// With an error that is none.
    Expected,
    /// With a panic.
    Panicking,
}

#[derive(Debug)]
struct Failure;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failure")
    }
}

impl std::error::Error for Failure {}

impl Ends {
    /// Every end.
    pub const ALL: [Self; 6] = [
        Self::Well,
        Self::Empty,
        Self::Gone,
        Self::Strange,
        Self::Expected,
        Self::Panicking,
    ];

    /// Looks at the result as generated code does.
    pub fn observe(self, observer: &mut Observer<'_>) {
        let meaning = match self {
            Self::Well | Self::Panicking => return observer.ok(),
            Self::Empty => Classification::new(Class::InvalidArgument, "EMPTY"),
            Self::Gone => Classification::new(Class::NotFound, "GONE"),
            Self::Strange => return observer.error(&ErrorView::of(&Failure)),
            Self::Expected => Classification::new(Class::NotFound, "GONE").expected(),
        };
        observer.error(&ErrorView {
            meaning: Some(meaning),
            ..ErrorView::of(&Failure)
        });
    }

    /// What its calls are counted under.
    #[must_use]
    pub fn counted_as(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Well | Self::Expected => ("ok", None),
            Self::Panicking => ("panicked", None),
            Self::Empty => ("error", Some("EMPTY")),
            Self::Gone => ("error", Some("GONE")),
            Self::Strange => ("error", Some("_OTHER")),
        }
    }
}

/// A metered function.
pub fn call(site: &'static Site, calls: &'static Calls, labels: Series, ends: Ends) {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let mut guard = Metered::<0>::idle();
        guard.begin(site, calls, labels);
        if ends == Ends::Panicking {
            // Without the hook, which would print.
            std::panic::resume_unwind(Box::new(()));
        }
        guard.observe(|observer| ends.observe(observer));
    }));
}

/// What is exported while this runs. One at a time: a process has one runtime.
///
/// # Panics
/// If the runtime cannot be installed, or does not end.
pub fn exported(sampler: Sampler, work: impl FnOnce()) -> (Metrics, Vec<SpanData>) {
    exported_after(|| {}, sampler, work)
}

/// The same, after this has run without a runtime.
///
/// # Panics
/// As for [`exported`].
pub fn exported_after(
    before: impl FnOnce(),
    sampler: Sampler,
    work: impl FnOnce(),
) -> (Metrics, Vec<SpanData>) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    before();
    let memory = MemoryExporter::new();
    let config = Config::new().sampler(sampler).with_exporter(memory.clone());
    let telemetry = install(config).expect("no runtime");
    work();
    telemetry
        .shutdown(Duration::from_secs(10))
        .expect("it ends");
    (memory.metrics(), memory.take())
}

/// The value of a text attribute.
///
/// # Panics
/// If it is no text.
#[must_use]
pub fn text<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a str> {
    attributes
        .iter()
        .find(|(known, _)| known == key)
        .map(|(_, value)| match value {
            AttributeValue::Str(text) => &**text,
            other => panic!("{other:?}"),
        })
}

/// The attributes of a function's series but for its name, and their counts.
///
/// # Panics
/// If it is a gauge, or a sum of floating-point numbers.
#[must_use]
pub fn counts(metric: &Metric, function: &str) -> Vec<(Attributes, u64)> {
    let of = |attributes: &Attributes, count| {
        (text(attributes, "code.function.name") == Some(function)).then(|| {
            let mut attributes = attributes.clone();
            attributes.retain(|(key, _)| key != "code.function.name");
            (attributes, count)
        })
    };
    match &metric.points {
        Points::Sum { points, .. } => points
            .iter()
            .filter_map(|point| match point.value {
                NumberValue::Int(count) => of(&point.attributes, count.cast_unsigned()),
                NumberValue::Double(_) => panic!("{point:?}"),
            })
            .collect(),
        Points::ExponentialHistogram { points, .. } => points
            .iter()
            .filter_map(|point| of(&point.attributes, point.count()))
            .collect(),
        Points::Histogram { points, .. } => points
            .iter()
            .filter_map(|point| of(&point.attributes, point.count()))
            .collect(),
        Points::Gauge(_) => panic!("{metric:?}"),
    }
}

/// Outcome and error of the calls there were, and how many; the durations and the counter agree,
/// but for errors never seen, which only the counter has.
///
/// # Panics
/// If they do not.
#[must_use]
pub fn outcomes(metrics: &Metrics, function: &str) -> Vec<(String, u64)> {
    let durations = counts(
        metrics.metric("function.duration").expect("it is there"),
        function,
    );
    let counter = counts(
        metrics.metric("function.calls").expect("it is there"),
        function,
    );
    let mut seen = counter.clone();
    seen.retain(|(attributes, count)| *count > 0 || text(attributes, "error.type").is_none());
    assert_eq!(durations, seen);
    let said = |attributes: &Attributes| {
        let outcome = text(attributes, "otelkit.outcome").expect("it is there");
        match text(attributes, "error.type") {
            Some(error) => format!("{outcome} {error}"),
            None => outcome.to_owned(),
        }
    };
    counter
        .iter()
        .map(|(attributes, count)| (said(attributes), *count))
        .collect()
}

/// The same written down.
#[must_use]
pub fn named(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    counts
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

/// How many calls are under way, by this up-down counter.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn in_flight(metrics: &Metrics, name: &str) -> i64 {
    let Points::Sum { points, .. } = &metrics.metric(name).expect("it is there").points else {
        panic!("no sum");
    };
    points
        .iter()
        .map(|point| match point.value {
            NumberValue::Int(count) => count,
            NumberValue::Double(_) => panic!("{point:?}"),
        })
        .sum()
}
