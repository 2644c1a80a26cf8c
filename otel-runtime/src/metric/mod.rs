//! Numbers that are counted while the program runs.
//!
//! A value goes to the calling thread's own cells, found by an index; nothing
//! is locked, hashed or allocated on the way. The collector adds the cells of
//! all threads up when somebody wants to see them.

mod answer;
mod block;
mod call;
mod call_counter;
mod calls;
mod cells;
mod collect;
mod conflict;
mod data;
#[cfg(any(feature = "otlp", feature = "opentelemetry-sdk"))]
mod delta;
mod distribution;
mod entry;
mod exemplar;
mod extra;
mod histogram;
mod instrument;
mod known;
mod label;
mod labels;
#[cfg(all(test, loom))]
mod loom_model;
mod loose;
mod merge;
mod observe;
mod open;
mod open_histogram;
mod overflow;
mod points;
mod range;
mod readings;
mod registered;
mod relabel;
mod rounds;
mod scale;
mod series;
mod shape;
mod shard;
mod shared;
mod slot;
mod source;
mod spec;
mod statics;
mod switch;
mod sync;
#[cfg(all(test, not(loom)))]
mod tests;
#[cfg(all(test, not(loom), feature = "otlp"))]
mod thread_tests;
mod usage;

pub(crate) use call::Ending;
pub use call::{ANY_ERROR, CallSpec, Endings};
pub use calls::{Calls, register_calls};
pub(crate) use collect::{Interval, begin_counting};
pub(crate) use conflict::{Conflict, conflicts};
pub use data::{
    AttributeValue, Attributes, Exemplar, ExponentialPoint, HistogramPoint, Metric, MetricScope,
    Metrics, NumberPoint, NumberValue, Points, Temporality,
};
#[cfg(any(feature = "otlp", feature = "opentelemetry-sdk"))]
pub(crate) use delta::Deltas;
pub use exemplar::ExemplarFilter;
pub(crate) use exemplar::set_filter;
pub use extra::{Change, Extra, Rise, register_extra};
pub use instrument::{Instrument, register_instrument};
pub(crate) use instrument::{forget_in_child, turn_all};
pub use known::Known;
pub use label::{Label, LabelValue};
pub use labels::{Labels, Open, OpenLabel, Values};
pub use loose::{LooseSeries, LooseSpec, loose_metrics, lose_loose_value};
pub use observe::{ObservableCounter, ObservableGauge, ObservableUpDownCounter, Observer};
pub use open::{Interner, OpenValue, Series, Value, probe as open_probe};
pub(crate) use open::{expire, set_value_limit};
pub(crate) use open_histogram::OpenHistogram;
#[cfg(feature = "prometheus")]
pub(crate) use readings::Readings;
pub(crate) use readings::{collect, collect_by, collect_known};
pub use registered::{Registered, register_metric};
pub(crate) use rounds::{
    LONGEST_ANSWER, Round, begin as begin_round, longest_round, set_longest_answer,
};
pub(crate) use series::{RUNTIME_SCOPE, count_series};
pub use shape::{LabelKind, LabelShape, kind_of, labels_index};
pub use shared::{Holding, SharedLabels, SharedSeries};
pub(crate) use source::attach_own;
pub use source::{Attached, Source, attach};
pub use spec::{Kind, MOST_SERIES, Number, Spec};
pub use statics::{Amount, Counter, Gauge, Histogram, Measure, UpDownCounter};
pub use usage::{SeriesUse, series_use};
pub(crate) use usage::{are_others, overflows};
