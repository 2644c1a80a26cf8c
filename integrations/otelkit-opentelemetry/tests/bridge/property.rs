//! Random nestings of both sides' spans, against a model.

use std::cell::RefCell;
use std::collections::BTreeMap;

use opentelemetry::trace::{FutureExt, Span, TraceContextExt, Tracer};
use opentelemetry::{Context, global};
use otel_runtime::{ContextExt, traced};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// What a step does, with what happens within it.
#[derive(Clone, Debug)]
enum Step {
    /// A function of ours.
    Ours(Vec<Step>),
    /// An async one, polled twice.
    OursAsync(Vec<Step>),
    /// A span of the library that is current meanwhile.
    Theirs(Vec<Step>),
    /// The same around a future.
    TheirsAsync(Vec<Step>),
    /// A span of the library that never is.
    Leaf,
    /// On another thread, with the API's context taken along.
    ThreadWithTheirs(Vec<Step>),
    /// On another thread, with our context taken along.
    ThreadWithOurs(Vec<Step>),
    /// On another thread, with nothing.
    Thread(Vec<Step>),
    /// A value is attached that has nothing to do with spans.
    Value(Vec<Step>),
    /// Nothing is current.
    Nothing(Vec<Step>),
    /// An event of whatever is current, said by us.
    Event,
    /// An attribute of whatever is active, said by the library.
    Attribute,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let leaf = prop_oneof![Just(Step::Leaf), Just(Step::Event), Just(Step::Attribute)];
    let step = leaf.prop_recursive(5, 40, 4, |inner| {
        let within = || prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            3 => within().prop_map(Step::Ours),
            2 => within().prop_map(Step::OursAsync),
            3 => within().prop_map(Step::Theirs),
            2 => within().prop_map(Step::TheirsAsync),
            1 => within().prop_map(Step::ThreadWithTheirs),
            1 => within().prop_map(Step::ThreadWithOurs),
            1 => within().prop_map(Step::Thread),
            1 => within().prop_map(Step::Value),
            1 => within().prop_map(Step::Nothing),
        ]
    });
    prop::collection::vec(step, 1..4)
}

/// What is expected of a span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Expected {
    parent: Option<usize>,
    events: usize,
    attributes: usize,
}

/// Goes through the steps as the program does, and says what there should be. Spans are numbered in
/// the order of their beginnings.
fn model(steps: &[Step], current: Option<usize>, spans: &mut Vec<Expected>) {
    for step in steps {
        let begin = |spans: &mut Vec<Expected>| {
            spans.push(Expected {
                parent: current,
                ..Expected::default()
            });
            Some(spans.len() - 1)
        };
        match step {
            Step::Ours(within)
            | Step::OursAsync(within)
            | Step::Theirs(within)
            | Step::TheirsAsync(within) => {
                let span = begin(spans);
                model(within, span, spans);
            }
            Step::Leaf => {
                begin(spans);
            }
            Step::ThreadWithTheirs(within) | Step::ThreadWithOurs(within) | Step::Value(within) => {
                model(within, current, spans);
            }
            Step::Thread(within) | Step::Nothing(within) => model(within, None, spans),
            Step::Event => {
                if let Some(current) = current {
                    spans[current].events += 1;
                }
            }
            Step::Attribute => {
                if let Some(current) = current {
                    spans[current].attributes += 1;
                }
            }
        }
    }
}

/// The number of the next span, on whatever thread the steps have come to.
fn next(number: &mut usize) -> String {
    *number += 1;
    (*number - 1).to_string()
}

#[traced]
fn ours(name: String, within: &[Step], number: &mut usize) {
    otel_runtime::set_span_name(name);
    run(within, number);
}

#[traced]
async fn ours_async(name: String, within: &[Step], number: &mut usize) {
    otel_runtime::set_span_name(name);
    let (first, second) = within.split_at(within.len() / 2);
    run(first, number);
    Yield(false).await;
    run(second, number);
}

/// Pending once.
struct Yield(bool);

impl Future for Yield {
    type Output = ();

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<()> {
        cx.waker().wake_by_ref();
        match std::mem::replace(&mut self.0, true) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    }
}

/// Polls the future to its end; between two polls nothing of it may be current.
fn drive(future: impl Future<Output = ()>) {
    let before = otel_runtime::current_context();
    let mut future = std::pin::pin!(future);
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    while future.as_mut().poll(&mut cx).is_pending() {
        assert_eq!(otel_runtime::current_context(), before);
        assert_in_step();
    }
}

/// Both sides have the same span as their current one.
fn assert_in_step() {
    let ours = otel_runtime::current_context().map(|span| span.span_id.to_bytes());
    let theirs = Context::current();
    let theirs = theirs.span().span_context().clone();
    let theirs = theirs.is_valid().then(|| theirs.span_id().to_bytes());
    assert_eq!(ours, theirs);
}

struct Unrelated;

fn run(steps: &[Step], number: &mut usize) {
    let tracer = global::tracer("library");
    for step in steps {
        assert_in_step();
        match step {
            Step::Ours(within) => ours(next(number), within, number),
            Step::OursAsync(within) => drive(ours_async(next(number), within, number)),
            Step::Theirs(within) => tracer.in_span(next(number), |_| run(within, number)),
            Step::TheirsAsync(within) => {
                let context = Context::current_with_span(tracer.start(next(number)));
                let (first, second) = within.split_at(within.len() / 2);
                let work = async {
                    run(first, number);
                    Yield(false).await;
                    run(second, number);
                };
                drive(work.with_context(context));
            }
            Step::Leaf => tracer.start(next(number)).end(),
            Step::ThreadWithTheirs(within) => {
                let context = Context::current();
                std::thread::scope(|scope| {
                    scope.spawn(|| {
                        let _scope = context.attach();
                        run(within, number);
                    });
                });
            }
            Step::ThreadWithOurs(within) => {
                let work = async { run(within, number) }.in_current_context();
                std::thread::scope(|scope| {
                    scope.spawn(|| drive(work));
                });
            }
            Step::Thread(within) => {
                std::thread::scope(|scope| {
                    scope.spawn(|| run(within, number));
                });
            }
            Step::Value(within) => {
                let _scope = Context::current_with_value(Unrelated).attach();
                run(within, number);
            }
            Step::Nothing(within) => {
                let _scope = Context::new().attach();
                run(within, number);
            }
            Step::Event => otel_runtime::add_event("event", &[]),
            Step::Attribute => {
                let key = format!("key.{number}.{step:p}");
                Context::current()
                    .span()
                    .set_attribute(opentelemetry::KeyValue::new(key, 1));
            }
        }
        assert_in_step();
    }
}

#[test]
fn any_nesting_gives_the_tree_of_the_model() {
    let mut observed = crate::start();
    let config = ProptestConfig {
        cases: 150,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = TestRunner::new(config);
    let observed = RefCell::new(&mut observed);
    let result = runner.run(&steps(), |steps| {
        let mut expected = Vec::new();
        model(&steps, None, &mut expected);
        run(&steps, &mut 0);
        prop_assert_eq!(otel_runtime::current_context(), None);
        let spans = observed.borrow_mut().spans(expected.len());
        let numbers: BTreeMap<_, usize> = spans
            .iter()
            .map(|span| (span.span_id, span.name.parse().expect("a number")))
            .collect();
        let mut actual = vec![Expected::default(); spans.len()];
        for span in &spans {
            actual[numbers[&span.span_id]] = Expected {
                parent: span.parent_span_id.map(|parent| numbers[&parent]),
                events: span.events.len(),
                attributes: span.attributes.len(),
            };
        }
        prop_assert_eq!(actual, expected);
        Ok(())
    });
    result.unwrap();
}
