//! A subscriber without a registry: nothing stands between the macros of `tracing` and the runtime.

use otel_runtime::bridge::BridgedSpan;
use tracing_core::span::{Attributes, Current, Id, Record};
use tracing_core::{Event, Metadata, Subscriber};

use crate::callsite::Callsite;
use crate::layer::OtelLayer;
use crate::numbers;

/// Brings spans and events of `tracing` into the traces of the runtime, and does nothing else; made by
/// [`OtelLayer::alone`].
///
/// Filters of `tracing-subscriber` stand on it as on a registry. Other layers, and filters of one
/// layer, look spans up in a registry: for them [`layer`](crate::layer()) stands on one. What
/// [`show_spans`](crate::show_spans) shows has nobody to see it here.
#[derive(Debug)]
pub struct OtelSubscriber(OtelLayer);

/// The number of all spans that stand for nothing.
const NOTHING: u64 = u64::MAX;

impl OtelLayer {
    /// A subscriber that is this layer and nothing beside: a span then costs less than half, as
    /// nobody keeps its fields and its name for other layers.
    ///
    /// ```
    /// use tracing_subscriber::filter::LevelFilter;
    /// use tracing_subscriber::layer::SubscriberExt;
    /// use tracing_subscriber::util::SubscriberInitExt;
    ///
    /// otelkit_tracing::layer().alone().with(LevelFilter::INFO).init();
    /// ```
    #[must_use]
    pub const fn alone(self) -> OtelSubscriber {
        OtelSubscriber(self)
    }
}

impl Subscriber for OtelSubscriber {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let Some(begun) = self.0.begin(attributes) else {
            return Id::from_u64(NOTHING);
        };
        let id = Id::from_u64(numbers::take());
        self.0.keep(&id, begun);
        id
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        self.0.record(id, values);
    }

    fn record_follows_from(&self, id: &Id, follows: &Id) {
        self.0.link(id, follows);
    }

    fn event(&self, event: &Event<'_>) {
        self.0.event(event);
    }

    fn enter(&self, id: &Id) {
        if let Some(open) = self.0.spans.find(id) {
            open.span().enter(id.into_u64());
        }
    }

    /// Also of a span that has been closed meanwhile.
    fn exit(&self, id: &Id) {
        if BridgedSpan::leave(id.into_u64())
            && let Some(open) = self.0.spans.find(id)
        {
            open.share();
        }
    }

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(open) = self.0.spans.find(id) {
            open.hold();
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let Some(open) = self.0.spans.find(&id) else {
            return false;
        };
        let is_last = open.release();
        if is_last {
            self.0.close(&id);
            numbers::give_back(id.into_u64());
        }
        is_last
    }

    /// The span of `tracing` that was entered last on this thread, whatever was made current since by
    /// others.
    fn current_span(&self) -> Current {
        let known = |number| {
            let id = Id::from_u64(number);
            let callsite = Callsite::at(self.0.spans.find(&id)?.place())?;
            Some(Current::new(id, callsite.metadata))
        };
        BridgedSpan::entered(known).unwrap_or_else(Current::none)
    }
}
