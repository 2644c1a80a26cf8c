//! The tree that is shown at the end, from spans made up here.

use otel_runtime::SpanId;
use otel_runtime::export::Outcome;
use resource_api::telemetry::{Detail, Field, KeptSpan, fold, tree};

fn id(number: u64) -> SpanId {
    format!("{number:016x}").parse().unwrap()
}

/// A span that starts at its number, in microseconds, and takes `duration_ns`.
fn span(name: &str, number: u64, parent: u64, duration_ns: u64) -> KeptSpan {
    KeptSpan {
        name: name.into(),
        span_id: id(number),
        parent_span_id: (parent != 0).then(|| id(parent)),
        start_unix_ns: number * 1000,
        duration_ns,
        outcome: Outcome::Ok,
        failure: None,
        fields: Box::default(),
    }
}

fn with(mut span: KeptSpan, fields: &[(&str, Field)]) -> KeptSpan {
    span.fields = fields
        .iter()
        .map(|(key, value)| ((*key).into(), value.clone()))
        .collect();
    span
}

fn text(value: &str) -> Field {
    Field::Text(value.into())
}

fn folded(spans: &[KeptSpan]) -> String {
    tree(&fold(spans, Detail::Folded))
}

#[test]
fn children_stand_below_their_parents_in_the_order_of_their_starts() {
    let spans = [
        span("c", 4, 2, 30),
        span("b", 3, 1, 1_500),
        span("a", 2, 1, 9_996_000),
        span("root", 1, 0, 1_234_000_000),
    ];
    assert_eq!(
        folded(&spans),
        "root  1.23 s\n├─ a  10.0 ms\n│  └─ c  30 ns\n└─ b  1.50 µs\n"
    );
}

#[test]
fn a_handful_of_siblings_is_shown_one_by_one_and_more_are_folded() {
    let mut spans = vec![span("root", 1, 0, 1)];
    spans.extend((0..4).map(|index| span("few", 10 + index, 1, 100)));
    assert_eq!(folded(&spans).matches("few  100 ns").count(), 4);
    spans.push(span("few", 20, 1, 900));
    assert_eq!(
        folded(&spans),
        "root  1 ns\n└─ few ×5  1.30 µs (p50 100 ns, max 900 ns)\n"
    );
    assert_eq!(tree(&fold(&spans, Detail::Full)).lines().count(), 6);
}

#[test]
fn the_children_of_folded_siblings_are_folded_too() {
    let mut spans = vec![span("root", 1, 0, 1)];
    for index in 0..5 {
        spans.push(span("create", 10 + index, 1, 100));
        spans.push(span("validate", 20 + index, 10 + index, 10));
    }
    spans.push(span("retry", 30, 10, 5));
    spans.push(span("retry", 31, 10, 6));
    assert_eq!(
        folded(&spans),
        "root  1 ns\n\
         └─ create ×5  500 ns (p50 100 ns, max 100 ns)\n   \
            ├─ validate ×5  50 ns (p50 10 ns, max 10 ns)\n   \
            └─ retry ×2  11 ns (p50 5 ns, max 6 ns)\n"
    );
}

#[test]
fn folded_siblings_show_what_they_agree_on_and_the_range_of_their_numbers() {
    let spans: Vec<KeptSpan> = (0..5)
        .map(|index| {
            with(
                span("create", 10 + index, 0, 1),
                &[
                    ("system", text("sqlite")),
                    ("count", Field::Int(index as i64 - 2)),
                    ("name", text(&format!("package-{index}"))),
                ],
            )
        })
        .collect();
    assert!(folded(&spans).ends_with("max 1 ns)  system=sqlite  count=-2..2\n"));
}

#[test]
fn what_says_the_name_again_is_left_out() {
    let fields = [
        ("db.query.summary", text("SELECT resource")),
        ("db.operation.name", text("SELECT")),
    ];
    let statement = with(span("SELECT resource", 1, 0, 9), &fields);
    assert_eq!(
        folded(&[statement]),
        "SELECT resource  9 ns  db.operation.name=SELECT\n"
    );
}

#[test]
fn the_time_at_work_stands_beside_the_time_that_passed() {
    let busy = |number, ns| {
        with(
            span("query", number, 0, 900),
            &[
                ("busy_ns", Field::Int(ns)),
                ("idle_ns", Field::Int(900 - ns)),
            ],
        )
    };
    assert_eq!(folded(&[busy(1, 40)]), "query  900 ns, busy 40 ns\n");
    let spans: Vec<KeptSpan> = (1..=5).map(|number| busy(number, 40)).collect();
    assert_eq!(
        folded(&spans),
        "query ×5  4.50 µs (p50 900 ns, max 900 ns), busy 200 ns\n"
    );
}

#[test]
fn what_ended_otherwise_is_never_folded_with_what_went_well() {
    let mut spans: Vec<KeptSpan> = (0..6)
        .map(|index| span("create", 10 + index, 0, 1))
        .collect();
    spans[2].outcome = Outcome::Error;
    spans[2].failure = Some("the disk is full".into());
    spans[4].outcome = Outcome::Cancelled;
    let note = ("otelkit.outcome".into(), text("cancelled"));
    spans[4].fields = [note].into();
    spans.push(span("create", 20, 0, 1));
    assert_eq!(
        folded(&spans),
        "create ×5  5 ns (p50 1 ns, max 1 ns)\n\
         create  1 ns  failed: the disk is full\n\
         create  1 ns  cancelled\n"
    );
}

#[test]
fn a_span_whose_parent_is_not_there_is_a_root() {
    assert_eq!(folded(&[span("orphan", 2, 1, 1)]), "orphan  1 ns\n");
    assert_eq!(folded(&[]), "");
}

#[test]
fn a_terminal_is_told_nothing_by_the_values() {
    let hostile = with(
        span("a\u{1b}[2J", 1, 0, 1),
        &[
            ("path", text("x\ny\u{1b}]0;z\u{7}")),
            ("empty", text("")),
            ("long", text(&"ß".repeat(99))),
        ],
    );
    let shown = folded(&[hostile]);
    assert!(!shown.trim_end().contains(char::is_control), "{shown:?}");
    assert!(
        shown.contains("  path=x\\ny\\u{1b}]0;z\\u{7}  empty=\"\"  "),
        "{shown}"
    );
    assert!(
        shown.ends_with(&format!("long={}…\n", "ß".repeat(64))),
        "{shown}"
    );
}
