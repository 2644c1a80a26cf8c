//! What comes from other processes reaches spans, and what goes to them says who asked.

use std::collections::{BTreeMap, HashMap};
use std::pin::{Pin, pin};
use std::process::Command;
use std::task::{Poll, Waker};

use otel_runtime::propagation::{ChildEnvironment, Environment, extract, inject, inject_context};
use otel_runtime::testing::Capture;
use otel_runtime::{Baggage, Context, ContextExt, Link, TraceState, span, traced};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

type Headers = BTreeMap<String, String>;

fn headers(pairs: &[(&str, &str)]) -> Headers {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

/// A request of a caller that uses everything.
fn request() -> Headers {
    headers(&[
        ("traceparent", PARENT),
        ("tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        ("baggage", "tenant.id=acme,shard=7"),
    ])
}

fn sent() -> Headers {
    let mut headers = Headers::new();
    inject(&mut headers);
    headers
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut std::task::Context::from_waker(Waker::noop()))
}

/// Pending once.
#[derive(Default)]
struct Pause(bool);

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<()> {
        match std::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

#[traced(parent = caller)]
fn handle(caller: Context) -> Headers {
    store()
}

#[traced]
fn store() -> Headers {
    sent()
}

#[traced(root)]
fn new() -> Headers {
    sent()
}

#[traced(parent = caller)]
async fn serve(caller: Context) -> Headers {
    Pause::default().await;
    fetch().await
}

#[traced]
async fn fetch() -> Headers {
    Pause::default().await;
    sent()
}

#[test]
fn a_request_continues_the_trace_of_its_caller() {
    let capture = Capture::start();
    let sent = handle(extract(&request()));
    let spans = capture.finish();
    spans.assert_tree(
        "
        handle
          store
    ",
    );
    let (handle, store) = (spans.named("handle"), spans.named("store"));
    assert_eq!(
        handle.trace_id.to_string(),
        "0af7651916cd43dd8448eb211c80319c"
    );
    assert_eq!(
        handle.parent_span_id.unwrap().to_string(),
        "b7ad6b7169203331"
    );
    assert!(handle.parent_is_remote && !store.parent_is_remote);
    for span in [handle, store] {
        assert_eq!(span.trace_state, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
        assert_eq!(span.attributes, []);
    }
    let mut expected = request();
    let parent = format!("00-{}-{}-01", store.trace_id, store.span_id);
    expected.insert("traceparent".to_owned(), parent);
    assert_eq!(sent, expected);
    assert_eq!(Context::current().baggage(), Baggage::EMPTY);
}

#[traced(parent = outer)]
fn relay(outer: Context, inner: Context) -> [Headers; 3] {
    [sent(), handle(inner), sent()]
}

#[test]
fn calls_in_each_other_go_back_to_what_was_carried() {
    let capture = Capture::start();
    let other = Context::current().with_baggage_entry("step", "2");
    let sent = other.run(|| {
        let sent = relay(extract(&request()), other.with_baggage_entry("step", "3"));
        assert_eq!(Baggage::current().value("step"), Some("2"));
        sent
    });
    assert_eq!(capture.finish().len(), 3);
    let baggage = sent.map(|headers| headers["baggage"].clone());
    assert_eq!(
        baggage,
        ["tenant.id=acme,shard=7", "step=3", "tenant.id=acme,shard=7"]
    );
}

#[test]
fn futures_carry_it_along_wherever_they_are_polled() {
    let capture = Capture::start();
    let mut future = pin!(serve(extract(&request())));
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(Baggage::current(), Baggage::EMPTY);
    let sent = std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            assert!(poll(future.as_mut()).is_pending());
            assert_eq!(Baggage::current(), Baggage::EMPTY);
            // in the midst of other work that carries something else
            let others = Context::NONE.with_baggage_entry("tenant.id", "other");
            others.run(|| {
                let Poll::Ready(sent) = poll(future.as_mut()) else {
                    panic!("it was pending twice");
                };
                assert_eq!(Baggage::current().value("tenant.id"), Some("other"));
                sent
            })
        });
        other.join().unwrap()
    });
    let spans = capture.finish();
    let fetch = spans.named("fetch");
    assert_eq!(sent["baggage"], "tenant.id=acme,shard=7");
    assert_eq!(sent["tracestate"], fetch.trace_state);
    assert_eq!(spans.named("serve").trace_state, fetch.trace_state);
    assert!(sent["traceparent"].contains(&fetch.span_id.to_string()));
}

#[test]
fn spans_that_are_values_keep_what_they_carry() {
    let capture = Capture::start();
    let caller = extract(&request());
    let mut by_hand = caller.run(|| span!("by hand"));
    let sent = std::thread::scope(|scope| scope.spawn(|| by_hand.in_scope(sent)).join().unwrap());
    drop(by_hand);
    assert_eq!(sent["baggage"], "tenant.id=acme,shard=7");
    assert_eq!(
        capture.finish().named("by hand").trace_state,
        sent["tracestate"]
    );
}

#[test]
fn baggage_is_set_in_a_scope_and_travels_with_the_context() {
    let capture = Capture::start();
    let root = span!("root").in_scope(|| {
        let with_user = Context::current().with_baggage_entry("user.id", "\u{e4} 7");
        let in_thread = std::thread::spawn(with_user.wrap(|| (sent(), Baggage::current())));
        let (sent_there, there) = in_thread.join().unwrap();
        assert_eq!(sent_there["baggage"], "user.id=%C3%A4%207");
        assert_eq!(there.value("user.id"), Some("\u{e4} 7"));

        let scope = with_user.attach();
        let inner = Context::current()
            .without_baggage_entry("user.id")
            .with_baggage_entry("step", "2")
            .attach();
        assert_eq!(sent()["baggage"], "step=2");
        drop(inner);
        assert_eq!(sent()["baggage"], "user.id=%C3%A4%207");
        let mut task = pin!(async { sent() }.in_current_context());
        drop(scope);
        assert!(!sent().contains_key("baggage"));
        let Poll::Ready(sent_by_task) = poll(task.as_mut()) else {
            panic!()
        };
        assert_eq!(sent_by_task["baggage"], "user.id=%C3%A4%207");
        sent()
    });
    assert_eq!(capture.finish().len(), 1);
    assert!(root.contains_key("traceparent"));
}

#[test]
fn a_new_trace_keeps_baggage_and_leaves_the_trace_state() {
    let capture = Capture::start();
    let caller = extract(&request());
    let sent = caller.run(new);
    let spans = capture.finish();
    assert_eq!(spans.named("new").trace_state, "");
    assert_ne!(spans.named("new").trace_id, caller.span().unwrap().trace_id);
    assert_eq!(sent["baggage"], "tenant.id=acme,shard=7");
    assert!(!sent.contains_key("tracestate"));
}

#[test]
fn a_span_of_the_current_trace_is_a_parent_with_what_is_carried() {
    let capture = Capture::start();
    let sent = extract(&request()).run(|| {
        let mut outer = span!("outer");
        let context = outer.context().unwrap();
        outer.in_scope(|| handle(context.into()))
    });
    assert_eq!(sent["baggage"], "tenant.id=acme,shard=7");
    assert_eq!(
        capture.finish().named("handle").trace_state,
        sent["tracestate"]
    );
}

#[test]
fn a_span_links_to_several_remote_parents_with_their_states() {
    let other = PARENT.replace("b7ad6b7169203331", "00f067aa0ba902b7");
    let batch = [
        request(),
        headers(&[("traceparent", &other), ("tracestate", "a=1")]),
        headers(&[("traceparent", "garbage"), ("tracestate", "b=2")]),
    ];
    let capture = Capture::start();
    let mut work = span!("work");
    work.add_links(
        batch
            .iter()
            .filter_map(|message| Link::to(extract(message))),
    );
    work.in_scope(|| otel_runtime::add_link(Link::to(extract(&batch[1])).unwrap(), &[("n", &1)]));
    drop(work);
    let spans = capture.finish();
    let links = &spans.named("work").links;
    let told: Vec<_> = links
        .iter()
        .map(|link| {
            (
                link.span_id.to_string(),
                link.is_remote,
                link.trace_state.as_str(),
                link.attributes.len(),
            )
        })
        .collect();
    let state = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";
    assert_eq!(
        told,
        [
            ("b7ad6b7169203331".to_owned(), true, state, 0),
            ("00f067aa0ba902b7".to_owned(), true, "a=1", 0),
            ("00f067aa0ba902b7".to_owned(), true, "a=1", 1),
        ]
    );
    assert_eq!(spans.named("work").trace_state, "");
}

#[test]
fn headers_that_are_wrong_begin_a_new_trace_or_are_left_out() {
    let long = "x".repeat(100_000);
    for (wrong, key) in [
        ("", "traceparent"),
        ("00-short", "traceparent"),
        (&long, "traceparent"),
        (
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "traceparent",
        ),
    ] {
        let mut request = request();
        request.insert(key.to_owned(), wrong.to_owned());
        let found = extract(&request);
        assert_eq!(
            (found.span(), found.trace_state()),
            (None, TraceState::EMPTY),
            "{wrong:.80}"
        );
        // who asked is unknown, and what for is not
        assert_eq!(found.baggage().len(), 2);
    }
    for wrong in ["no equals sign", "a=1,a b=2", "\u{fffd}", &long] {
        let mut request = request();
        request.insert("tracestate".to_owned(), wrong.to_owned());
        let found = extract(&request);
        assert_eq!(found.trace_state(), TraceState::EMPTY, "{wrong:.80}");
        assert_eq!(
            found.span(),
            extract(&headers(&[("traceparent", PARENT)])).span()
        );
    }
}

#[test]
fn a_child_process_finds_the_span_that_started_it() {
    let capture = Capture::start();
    let mut printenv = Command::new("env");
    extract(&request()).run(|| {
        span!("parent").in_scope(|| inject(&mut ChildEnvironment::of(&mut printenv)));
    });
    let printed = String::from_utf8(printenv.output().unwrap().stdout).unwrap();
    let vars = printed.lines().filter_map(|line| {
        let (name, value) = line.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    let found = extract(&Environment::from_vars(vars));
    let parent = capture.finish().named("parent").clone();
    assert_eq!(found.span().unwrap().span_id, parent.span_id);
    assert_eq!(found.trace_state().as_str(), parent.trace_state);
    assert_eq!(found.baggage(), extract(&request()).baggage());
}

#[test]
fn what_is_no_longer_there_is_left_out_and_counted() {
    let capture = Capture::start();
    let lost = || {
        let first = Context::NONE.with_baggage_entry("first", "1");
        let held = Context::NONE.with_baggage_entry("held", "1");
        let mut kept = pin!(async { Baggage::current().len() }.in_context(held));
        // more than the store holds
        for index in 0..4000 {
            let _ = Context::NONE.with_baggage_entry("key", &format!("{index:01000}"));
        }
        let mut headers = HashMap::new();
        inject_context(first, &mut headers);
        assert!(headers.is_empty(), "{headers:?}");
        assert_eq!(first.run(|| Baggage::current().len()), 0);
        assert_eq!(poll(kept.as_mut()), Poll::Ready(1));
    };
    span!("work").in_scope(lost);
    assert_eq!(capture.finish().len(), 1);
}
