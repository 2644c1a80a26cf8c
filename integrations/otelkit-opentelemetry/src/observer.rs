//! Contexts that libraries attach become current for us as well.
//!
//! The API calls while it holds its own stack: here it must not be asked for
//! its current context, and nothing may be attached.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use opentelemetry::Context;
use opentelemetry::context::{ContextObserver, GlobalContextObserver, ObserverContextView};
use opentelemetry::trace::{Status, TraceContextExt};

use crate::context::{self, Identity, View};
use crate::{baggage, levels};

use opentelemetry::baggage::BaggageExt;

/// What the API tells of its contexts.
#[derive(Debug)]
struct Observer;

/// The API has told something.
static HAS_SEEN: AtomicBool = AtomicBool::new(false);

/// Begins to observe, if that has not been done; false if somebody else observes.
pub(crate) fn start() -> bool {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        GlobalContextObserver::set(Arc::new(Observer));
        // Another observer stays, without a word that a program could read: ours has to be tried.
        drop(Context::current().attach());
    });
    HAS_SEEN.load(Ordering::Relaxed)
}

/// True if contexts that are attached become current for us.
pub(crate) fn is_observing() -> bool {
    HAS_SEEN.load(Ordering::Relaxed)
}

impl ContextObserver for Observer {
    fn on_context_enter(&self, from: &Context, to: &Context) {
        if !is_observing() {
            HAS_SEEN.store(true, Ordering::Relaxed);
        }
        levels::with(|levels| {
            if !levels.is_showing() {
                let below = Identity::of(from);
                levels.attached(below, become_current(below, to));
            }
        });
    }

    fn make_view(&self, context: &Context) -> Option<Arc<dyn ObserverContextView>> {
        let is_showing = levels::with(levels::Levels::is_showing).unwrap_or(false);
        let ours = match is_showing {
            true => otel_runtime::Context::current(),
            false => context::translated(context),
        };
        (ours != otel_runtime::Context::NONE).then(|| Arc::new(View(ours.hold())) as _)
    }

    fn on_context_exit(&self, _from: &Context, to: &Context) {
        levels::with(|levels| {
            if !levels.is_showing() {
                levels.detached(Identity::of(to));
            }
        });
    }
}

/// What is current for us once `to` is on top of `below`.
fn become_current(below: Identity, to: &Context) -> otel_runtime::Context {
    let here = otel_runtime::Context::current();
    let on_top = Identity::of(to);
    let is_own_work = here.is_suppressed() && !below.is_suppressed;
    if on_top == below || is_own_work {
        return here;
    }
    let has_same_span = on_top.span == below.span && on_top.is_suppressed == below.is_suppressed;
    match has_same_span {
        // It may be below a span of ours that the API has not been shown.
        true => here.with_baggage(baggage::ours(to.baggage())),
        false => {
            // What is said of the span under this context comes to it from elsewhere; one that we
            // have shown takes that for a note.
            to.span().set_status(Status::Unset);
            context::ours(to)
        }
    }
}
