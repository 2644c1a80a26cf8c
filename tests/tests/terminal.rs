//! Traces as trees of text.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use otel_runtime::SpanId;
use otel_runtime::export::terminal::{RenderOptions, TerminalExporter, render_trees};
use otel_runtime::export::{
    EventData, Exporter, LossCause, Outcome, SpanData, StatusData, ValueData,
};
use otelkit_tests::export::Started;
use otelkit_tests::spans::{any_span, plain, trace, with_view};
use proptest::prelude::*;

/// A span of trace 1: its number, its parent's number (0: none), its name.
fn span(number: u64, parent: u64, name: &str) -> SpanData {
    let mut span = plain(number);
    span.name = name.to_owned();
    span.span_id = SpanId::new(number).unwrap();
    span.parent_span_id = SpanId::new(parent);
    span.end_unix_ns = span.start_unix_ns + 1_234_567;
    span
}

fn rendered(spans: &[SpanData]) -> String {
    render_trees(spans, &RenderOptions::default())
}

#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl Screen {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn export(exporter: &mut impl Exporter, spans: &[SpanData]) {
    for span in spans {
        with_view(span, |view| exporter.export(view));
    }
}

/// Enough time for a tree whose root has ended to be written.
fn tick(exporter: &mut impl Exporter) {
    (0..3).for_each(|_| exporter.tick(Instant::now()));
}

#[test]
fn a_trace_is_a_tree_with_durations_fields_events_and_outcomes() {
    let mut root = span(1, 0, "import");
    root.attributes = vec![
        ("file".to_owned(), "Cargo.lock".into()),
        ("sizes".to_owned(), ValueData::Ints(vec![1, 2])),
    ];
    let mut failed = span(3, 2, "store");
    failed.outcome = Outcome::Error;
    failed.status = StatusData::Error("disk full".to_owned());
    failed.events = vec![EventData {
        name: "exception".to_owned(),
        unix_ns: failed.start_unix_ns + 999,
        attributes: vec![("ok".to_owned(), false.into())],
        dropped_attributes: 0,
    }];
    let mut cancelled = span(4, 1, "notify");
    cancelled.outcome = Outcome::Cancelled;
    // the collector's note for other receivers is not told twice
    cancelled.attributes = vec![("otelkit.outcome".to_owned(), "cancelled".into())];
    let spans = [failed, span(2, 1, "parse"), cancelled, root];
    let expected = "\
import 1.23 ms  file=Cargo.lock  sizes=[1, 2]
├─ parse 1.23 ms
│  └─ store 1.23 ms  error: disk full
│        +999 ns exception  ok=false
└─ notify 1.23 ms  cancelled
";
    assert_eq!(rendered(&spans), expected);
}

#[test]
fn control_characters_are_shown_and_not_sent() {
    let mut span = span(1, 0, "a\nb");
    span.attributes = vec![("k".to_owned(), "\x1b[31m\u{202e}é".into())];
    assert_eq!(
        rendered(&[span]),
        "a\\nb 1.23 ms  k=\\u{1b}[31m\\u{202e}é\n"
    );
}

#[test]
fn too_many_children_are_counted() {
    let spans: Vec<_> = std::iter::once(span(1, 0, "root"))
        .chain((2..=9).map(|number| span(number, 1, "child")))
        .collect();
    let mut options = RenderOptions::default();
    options.max_children = Some(2);
    let expected = "\
root 1.23 ms
├─ child 1.23 ms
├─ child 1.23 ms
└─ and 6 more
";
    assert_eq!(render_trees(&spans, &options), expected);
}

#[test]
fn colours_are_used_when_asked_for() {
    let mut options = RenderOptions::default();
    options.color = true;
    let text = render_trees(&[span(1, 0, "a")], &options);
    assert!(text.contains("\x1b[1ma\x1b[0m"), "{text:?}");
}

#[test]
fn depth_and_circles_are_no_trouble() {
    let mut deep: Vec<_> = (2..5_000).map(|n| span(n, n - 1, "deep")).collect();
    deep.push(span(1, 0, "root"));
    assert_eq!(rendered(&deep).lines().count(), 4_999);
    let circle = [
        span(1, 2, "a"),
        span(2, 3, "b"),
        span(3, 1, "c"),
        span(4, 4, "d"),
    ];
    assert_eq!(rendered(&circle).lines().count(), 4);
}

#[test]
fn a_trace_is_written_when_its_root_has_ended() {
    let screen = Screen::default();
    let mut shown = Started::new(TerminalExporter::to_writer(screen.clone()));
    let mut other = span(7, 1, "other trace");
    other.trace_id = trace(2);
    export(
        &mut shown.exporter,
        &[span(2, 1, "child"), other, span(1, 0, "root")],
    );
    shown.flush().unwrap();
    let text = screen.text();
    assert!(
        text.starts_with("root 1.23 ms\n└─ child 1.23 ms\n"),
        "{text}"
    );
    assert!(
        text.ends_with("other trace 1.23 ms\n"),
        "orphans at a flush: {text}"
    );
    assert_eq!(shown.counts(LossCause::Failed), (3, 0));
}

#[test]
fn a_child_whose_thread_is_drained_after_its_root_stands_below_it() {
    let screen = Screen::default();
    let mut shown = Started::new(TerminalExporter::to_writer(screen.clone()));
    export(&mut shown.exporter, &[span(1, 0, "root")]);
    shown.exporter.tick(Instant::now());
    export(&mut shown.exporter, &[span(2, 1, "child")]);
    tick(&mut shown.exporter);
    shown.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(screen.text(), "root 1.23 ms\n└─ child 1.23 ms\n");
}

#[test]
fn a_root_with_a_remote_parent_takes_only_its_own() {
    let screen = Screen::default();
    let mut shown = Started::new(TerminalExporter::to_writer(screen.clone()));
    let mut first = span(10, 99, "first request");
    first.parent_is_remote = true;
    let spans = [
        span(11, 10, "its child"),
        span(21, 20, "not its child"),
        first,
    ];
    export(&mut shown.exporter, &spans);
    tick(&mut shown.exporter);
    assert_eq!(shown.exporter.cancel_trace(trace(1)), 1);
    shown.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(screen.text().lines().count(), 2);
    assert_eq!(shown.stats.exported(), 2);
}

#[test]
fn what_waits_is_bounded() {
    let screen = Screen::default();
    let mut shown = Started::new(TerminalExporter::to_writer(screen.clone()));
    for number in 2..20_000 {
        let mut orphan = span(number, 1, "orphan");
        orphan.trace_id = trace(u128::from(number));
        export(&mut shown.exporter, &[orphan]);
    }
    shown.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(shown.counts(LossCause::QueueFull), (19_998, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_spans_take_a_line_each_and_one_for_each_event(
        spans in prop::collection::vec(any_span(), 0..6),
        parents in prop::collection::vec(0..6usize, 6),
    ) {
        let mut spans = spans;
        let ids: Vec<_> = spans.iter().map(|span| (span.trace_id, span.span_id)).collect();
        for (span, parent) in spans.iter_mut().zip(parents) {
            if let Some((trace_id, span_id)) = ids.get(parent) {
                span.trace_id = *trace_id;
                span.parent_span_id = Some(*span_id);
            }
        }
        let text = rendered(&spans);
        let events: usize = spans.iter().map(|span| span.events.len()).sum();
        prop_assert_eq!(text.matches('\n').count(), spans.len() + events);
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    }
}
