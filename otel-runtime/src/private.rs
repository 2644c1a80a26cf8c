//! What generated code may name. No promise is made for any of it.

pub use core;

pub use crate::class::probe as meaning;
pub use crate::class::{
    Class, Classification, Classifier, Classify, Code, Codes, Fault, Retry, Severity,
    register_classifier,
};
pub use crate::db::Target;
pub use crate::db::probe as target;
pub use crate::metric::open_probe as open;
pub use crate::metric::{
    ANY_ERROR, Calls, Extra, Interner, Label, LabelShape, LabelValue, OpenValue, Series, Value,
    kind_of, labels_index, register_calls, register_extra, register_instrument, register_metric,
};
pub use crate::registry::constructor::{register, register_calls};
pub use crate::site::{
    FieldSpec, Latency, Level, Name, Objective, QuerySpec, Site, SiteSpec, SpanKind, register,
};
pub use crate::span::outcome as probe;
pub use crate::span::{
    ErrorView, Guard, Link, Meter, Metered, Metering, Observer, Span, Start, Traced, TracedStream,
    add_event, set_attribute,
};
pub use crate::value::Capture;
pub use crate::value::secret::{debug, display};

/// How many operations there are in a batch: of one, nothing is said.
#[inline]
pub fn batch_size(size: impl TryInto<u64>) -> Option<u64> {
    size.try_into().ok().filter(|size| *size > 1)
}

/// Calls the closure. Being passed here makes it a `FnOnce`, which may return what it captured.
#[inline(always)]
pub fn call_once<T>(body: impl FnOnce() -> T) -> T {
    body()
}

/// The value; its argument is coerced to the type.
#[inline(always)]
pub fn same<T>(value: T) -> T {
    value
}

/// A box around a future or stream that the user boxed already, out of our sight.
pub fn boxed<T>(value: T) -> std::pin::Pin<Box<T>> {
    Box::pin(value)
}
