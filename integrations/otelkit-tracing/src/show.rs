//! Spans of annotated functions, shown to whatever listens to `tracing`.

use std::cell::{Cell, RefCell};
use std::sync::{Mutex, PoisonError};

use otel_runtime::bridge::BridgedSpan;
use otel_runtime::context::{Watcher, set_watcher};
use otel_runtime::value::{Decoded, Key, Slot, Values, layout};
use otel_runtime::{Site, SpanContext, SpanId};
use tracing_core::field::Value;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Dispatch, Field, dispatcher};

use crate::shown_place::ShownPlace;
use crate::table::Table;

thread_local! {
    /// What happens now is our own doing.
    static IS_SHOWING: Cell<bool> = const { Cell::new(false) };
    /// The span for which a span of `tracing` is being made.
    static BEGINNING: Cell<Option<SpanContext>> = const { Cell::new(None) };
    /// The spans that the runtime has entered here.
    static ENTERED: RefCell<Vec<SpanId>> = const { RefCell::new(Vec::new()) };
}

static SHOWN: Table<Mutex<Option<Shown>>> = Table::new();

/// A span that is shown.
#[derive(Clone, Debug)]
struct Shown {
    span: SpanId,
    to: Dispatch,
    id: Id,
    /// `None` if it is not shown itself, and what is below it is shown below this.
    place: Option<&'static ShownPlace>,
    /// A library has entered it where the runtime has not.
    is_elsewhere: bool,
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
/// With this, `Span::current()` is the span of the function: libraries that take it along to work on
/// other threads, as sqlx does to the thread of an SQLite database, report to that span from there.
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

/// What stands for the span of the runtime that is being shown by the next span of `tracing`.
pub(crate) fn beginning() -> Option<BridgedSpan> {
    let span = BEGINNING.take()?;
    Some(BridgedSpan::standing_for(span.into()))
}

/// A library enters, by `tracing`, what shows this span; false if the runtime has entered the span on
/// this thread already, which then stays as it is.
pub(crate) fn enter_elsewhere(span: SpanId) -> bool {
    if entered_here(|entered| entered.contains(&span)) {
        return false;
    }
    find(span, |shown| shown.is_elsewhere = true);
    true
}

impl Watcher for Show {
    fn begin(&self, span: SpanContext, parent: Option<SpanId>, site: &'static Site) {
        showing(|| {
            let shown = match ShownPlace::of(site) {
                Some(place) => dispatcher::get_default(|to| {
                    place
                        .is_wanted(to)
                        .then(|| Shown::begin(to, place, span, parent))
                }),
                None => parent.and_then(held).map(|parent| Shown {
                    span: span.span_id,
                    place: None,
                    ..parent
                }),
            };
            if let Some(shown) = shown
                && let Some(kept) = SHOWN.insert(span.span_id.get())
            {
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
            }
        });
    }

    fn enter(&self, span: SpanId) {
        with_current(span, |shown| {
            entered_here(|entered| entered.push(span));
            shown.to.enter(&shown.id);
        });
    }

    fn leave(&self, span: SpanId) {
        with_current(span, |shown| {
            entered_here(|entered| {
                if let Some(place) = entered.iter().rposition(|entered| *entered == span) {
                    entered.remove(place);
                }
            });
            shown.to.exit(&shown.id);
        });
    }

    fn fields(&self, span: SpanId, bytes: &[u8]) {
        showing(|| {
            // Another thread may say something of it, and it may end meanwhile.
            let Some(shown) = held(span) else {
                return;
            };
            for entry in Values::new(bytes) {
                match entry.value {
                    Decoded::Bool(value) => shown.record(entry.key, &value),
                    Decoded::Int(value) => shown.record(entry.key, &value),
                    Decoded::Double(value) => shown.record(entry.key, &value),
                    Decoded::Str(value) => shown.record(entry.key, &value),
                    array => shown.record(entry.key, &tracing_core::field::debug(array)),
                }
            }
            shown.release();
        });
    }

    fn end(&self, span: SpanId, _: &'static Site, scalars: &[Slot]) -> bool {
        let take = |kept: &Mutex<Option<Shown>>| {
            kept.lock().unwrap_or_else(PoisonError::into_inner).take()
        };
        let Some(Some(shown)) = SHOWN.remove(span.get(), take) else {
            return false;
        };
        let mut is_held = shown.is_elsewhere;
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
            is_held |= !shown.release();
        });
        is_held
    }
}

impl Shown {
    /// Below the parent if that is shown, else wherever the subscriber is.
    fn begin(
        to: &Dispatch,
        place: &'static ShownPlace,
        span: SpanContext,
        parent: Option<SpanId>,
    ) -> Self {
        let metadata = place.known();
        let empty: [(&Field, Option<&dyn Value>); 0] = [];
        let values = metadata.fields().value_set(&empty);
        let parent = parent.and_then(held);
        let attributes = match &parent {
            Some(parent) => Attributes::child_of(parent.id.clone(), metadata, &values),
            None => Attributes::new(metadata, &values),
        };
        BEGINNING.set(Some(span));
        let id = to.new_span(&attributes);
        BEGINNING.set(None);
        if let Some(parent) = parent {
            parent.release();
        }
        Self {
            span: span.span_id,
            to: to.clone(),
            id,
            place: Some(place),
            is_elsewhere: false,
        }
    }

    fn record(&self, key: Key<'_>, value: &dyn Value) {
        let Some(place) = self.place else {
            return;
        };
        let fields = place.known().fields();
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

    /// Says whether nobody else has it.
    fn release(self) -> bool {
        self.to.try_close(self.id)
    }
}

/// Nothing where the thread is about to end.
fn entered_here<T: Default>(work: impl FnOnce(&mut Vec<SpanId>) -> T) -> T {
    let done =
        ENTERED.try_with(|entered| entered.try_borrow_mut().ok().map(|mut all| work(&mut all)));
    done.ok().flatten().unwrap_or_default()
}

/// What is shown of a span, open until it is released.
fn held(span: SpanId) -> Option<Shown> {
    find(span, |shown| Shown {
        id: shown.to.clone_span(&shown.id),
        ..shown.clone()
    })
}

/// Looks at what is shown of a span, which does not end meanwhile.
fn find<T>(span: SpanId, look: impl FnOnce(&mut Shown) -> T) -> Option<T> {
    let mut kept = SHOWN
        .find(span.get())?
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    // Another one may be there by now.
    kept.as_mut().filter(|shown| shown.span == span).map(look)
}

/// Tells of a span that is shown and becomes current, or no longer is: that is before its end.
fn with_current(span: SpanId, tell: impl FnOnce(&Shown)) {
    showing(|| {
        let shown = find(span, |shown| shown.clone());
        if let Some(shown) = shown.filter(|shown| shown.place.is_some()) {
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
