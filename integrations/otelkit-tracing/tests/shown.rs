//! Spans of annotated functions, as a subscriber sees them.

use std::fmt;
use std::sync::{Arc, Mutex};

use otel_runtime::testing::Capture;
use otel_runtime::{set_attribute, traced};
use tokio::task::yield_now;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber, info, info_span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// Writes down what it is told.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

struct Values(String);

impl Visit for Values {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0 += &format!(" {}={value:?}", field.name());
    }
}

impl Notes {
    fn add(&self, note: String) {
        self.0.lock().unwrap().push(note);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn name<S: Subscriber + for<'a> LookupSpan<'a>>(context: &Context<'_, S>, id: &Id) -> String {
    context.span(id).unwrap().name().to_owned()
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Notes {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let parent = context.span(id).unwrap().parent();
        let parent = parent.map_or("none", |parent| parent.name());
        self.add(format!("new {} in {parent}", name(&context, id)));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut text = Values(format!("{}:", name(&context, id)));
        values.record(&mut text);
        self.add(text.0);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let span = context.event_span(event).map(|span| span.name());
        self.add(format!("event in {}", span.unwrap_or("none")));
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.add(format!("enter {}", name(&context, id)));
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.add(format!("exit {}", name(&context, id)));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.add(format!("close {}", name(&context, &id)));
    }
}

#[traced(name = "inner", args(id, text), fields(late))]
fn inner(id: u64, text: &str) {
    set_attribute("late", true);
    info!("inside");
}

#[traced(name = "outer")]
async fn outer() {
    yield_now().await;
    info_span!("theirs").in_scope(|| inner(7, "seven"));
}

#[test]
fn spans_are_shown_as_they_go_and_recorded_once() {
    assert!(otelkit_tracing::show_spans());
    let notes = Notes::default();
    let subscriber = tracing_subscriber::registry()
        .with(notes.clone())
        .with(otelkit_tracing::layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let capture = Capture::start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(outer());
    capture.finish().assert_tree(
        "
        outer
          theirs
            inner id=7 text=seven late=true
        ",
    );
    let expected = [
        "new outer in none",
        "enter outer",
        "exit outer",
        "enter outer",
        "new theirs in outer",
        "enter theirs",
        "new inner in theirs",
        "enter inner",
        "inner: text=\"seven\"",
        "inner: late=true",
        "event in inner",
        "exit inner",
        "inner: id=7",
        "close inner",
        "exit theirs",
        "close theirs",
        "exit outer",
        "close outer",
    ];
    assert_eq!(notes.take(), expected);
}
