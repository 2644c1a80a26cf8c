//! Spans of annotated functions, shown to whatever listens to `tracing`.

use std::cell::Cell;
use std::sync::{Mutex, PoisonError};

use otel_runtime::context::{Watcher, set_watcher};
use otel_runtime::value::{Decoded, Key, Slot, Values, layout};
use otel_runtime::{Site, SpanId};
use tracing_core::field::Value;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Dispatch, Field, dispatcher};

use crate::shown_place::ShownPlace;
use crate::table::Table;

thread_local! {
    /// What happens now is our own doing.
    static IS_SHOWING: Cell<bool> = const { Cell::new(false) };
}

static SHOWN: Table<Mutex<Option<Shown>>> = Table::new();

/// A span that is shown.
#[derive(Clone, Debug)]
struct Shown {
    to: Dispatch,
    id: Id,
    place: &'static ShownPlace,
}

#[derive(Debug)]
struct Show;

/// Shows the spans of `#[traced]` and `span!` to the subscriber of `tracing`: to `fmt`, consoles, flame
/// graphs; false if somebody follows them already.
///
/// From now on a span that is recorded, in a trace that begins after this, is a span of `tracing`
/// as well: made when it begins, entered and left as it becomes current, at each poll if it is
/// asynchronous, closed when it ends. Texts, and what the body sets, are its fields at once, numbers
/// and truth values when it ends. What the layer of this crate records stays the same.
///
/// It costs what the subscriber takes for such a span, and about 0.3 µs beyond; without this call
/// nothing.
///
/// ```
/// otelkit_tracing::show_spans();
/// ```
pub fn show_spans() -> bool {
    set_watcher(&Show)
}

/// True in what [`show_spans`] makes itself.
#[inline]
pub(crate) fn is_showing() -> bool {
    IS_SHOWING.get()
}

impl Watcher for Show {
    fn begin(&self, span: SpanId, parent: Option<SpanId>, site: &'static Site) {
        showing(|| {
            let Some(place) = ShownPlace::of(site) else {
                return;
            };
            let shown = dispatcher::get_default(|to| {
                place.is_wanted(to).then(|| Shown {
                    id: new_span(to, place, parent),
                    to: to.clone(),
                    place,
                })
            });
            if let Some(shown) = shown
                && let Some(kept) = SHOWN.insert(span.get())
            {
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
            }
        });
    }

    fn enter(&self, span: SpanId) {
        with(span, |shown| shown.to.enter(&shown.id));
    }

    fn leave(&self, span: SpanId) {
        with(span, |shown| shown.to.exit(&shown.id));
    }

    fn fields(&self, span: SpanId, bytes: &[u8]) {
        with(span, |shown| {
            for entry in Values::new(bytes) {
                match entry.value {
                    Decoded::Bool(value) => shown.record(entry.key, &value),
                    Decoded::Int(value) => shown.record(entry.key, &value),
                    Decoded::Double(value) => shown.record(entry.key, &value),
                    Decoded::Str(value) => shown.record(entry.key, &value),
                    array => shown.record(entry.key, &tracing_core::field::debug(array)),
                }
            }
        });
    }

    fn end(&self, span: SpanId, _: &'static Site, scalars: &[Slot]) {
        let take = |kept: &Mutex<Option<Shown>>| {
            kept.lock().unwrap_or_else(PoisonError::into_inner).take()
        };
        let Some(Some(shown)) = SHOWN.remove(span.get(), take) else {
            return;
        };
        showing(|| {
            for slot in scalars.iter().filter(|slot| !slot.is_empty()) {
                let key = Key::Declared(slot.key);
                match slot.tag {
                    layout::BOOL => shown.record(key, &(slot.bits != 0)),
                    layout::INT => shown.record(key, &slot.bits.cast_signed()),
                    layout::DOUBLE => shown.record(key, &f64::from_bits(slot.bits)),
                    _ => {}
                }
            }
            shown.to.try_close(shown.id);
        });
    }
}

impl Shown {
    fn record(&self, key: Key<'_>, value: &dyn Value) {
        let fields = self.place.known().fields();
        let field = match key {
            Key::Declared(index) => fields.iter().nth(index as usize),
            Key::Named(name) => fields.field(name),
        };
        if let Some(field) = field {
            let values = [(&field, Some(value))];
            self.to
                .record(&self.id, &Record::new(&fields.value_set(&values)));
        }
    }
}

/// Below the parent if that is shown, else wherever the subscriber is.
fn new_span(to: &Dispatch, place: &'static ShownPlace, parent: Option<SpanId>) -> Id {
    let metadata = place.known();
    let empty: [(&Field, Option<&dyn Value>); 0] = [];
    let values = metadata.fields().value_set(&empty);
    let parent_id = parent.and_then(found).map(|shown| shown.id);
    let attributes = match parent_id {
        Some(id) => Attributes::child_of(id, metadata, &values),
        None => Attributes::new(metadata, &values),
    };
    to.new_span(&attributes)
}

fn found(span: SpanId) -> Option<Shown> {
    let kept = SHOWN.find(span.get())?;
    kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn with(span: SpanId, tell: impl FnOnce(&Shown)) {
    showing(|| {
        if let Some(shown) = found(span) {
            tell(&shown);
        }
    });
}

/// What the subscriber does with it is not shown in turn.
fn showing(work: impl FnOnce()) {
    if !IS_SHOWING.replace(true) {
        work();
        IS_SHOWING.set(false);
    }
}
