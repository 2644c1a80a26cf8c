//! Contexts that come from other processes and go there.

use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, global};
use otel_runtime::{Config, TraceState, current_context, propagation, traced};
use otelkit_observed::assert_text;
use otelkit_opentelemetry::Propagator;

use crate::library;

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

fn headers() -> HashMap<String, String> {
    [
        ("traceparent", format!("00-{TRACE}-b7ad6b7169203331-01")),
        ("tracestate", "vendor=1,other=2".to_owned()),
        ("baggage", "tenant=acme".to_owned()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

#[test]
fn a_request_is_followed_through_library_and_program() {
    let mut observed = crate::start();
    let sent = library::serve(&headers(), || ours(library::request));
    assert_eq!(sent["tracestate"], "vendor=1,other=2");
    assert_eq!(sent["baggage"], "tenant=acme");
    let spans = observed.spans(3);
    let named = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    let (serve, ours, get) = (named("serve"), named("ours"), named("GET"));
    assert_eq!(serve.trace_id.to_string(), TRACE);
    assert!(serve.parent_is_remote && !ours.parent_is_remote && !get.parent_is_remote);
    assert_eq!(
        serve.parent_span_id.unwrap().to_string(),
        "b7ad6b7169203331"
    );
    assert_eq!(ours.parent_span_id, Some(serve.span_id));
    assert_eq!(get.parent_span_id, Some(ours.span_id));
    for span in [serve, ours, get] {
        assert_eq!(span.trace_state, "vendor=1,other=2", "{}", span.name);
    }
    assert_eq!(
        sent["traceparent"],
        format!("00-{TRACE}-{}-01", get.span_id)
    );
}

#[test]
fn what_a_library_extracts_is_a_parent_of_annotated_functions() {
    let mut observed = crate::start();
    let caller = global::get_text_map_propagator(|propagator| propagator.extract(&headers()));
    let scope = caller.attach();
    let mut sent = HashMap::new();
    ours(|| propagation::inject(&mut sent));
    drop(scope);
    let [span] = &observed.spans(1)[..] else {
        panic!("one span");
    };
    assert_eq!(span.trace_id.to_string(), TRACE);
    assert!(span.parent_is_remote);
    assert_eq!(
        sent["traceparent"],
        format!("00-{TRACE}-{}-01", span.span_id)
    );
    assert_eq!(sent["tracestate"], "vendor=1,other=2");
    assert_eq!(sent["baggage"], "tenant=acme");
}

#[test]
fn our_current_span_goes_with_a_request_that_a_library_sends() {
    let _observed = crate::start();
    ours(|| {
        let mut sent = HashMap::new();
        global::get_text_map_propagator(|propagator| propagator.inject(&mut sent));
        let here = current_context().unwrap();
        let expected = format!("00-{}-{}-03", here.trace_id, here.span_id);
        assert_eq!(sent["traceparent"], expected);
    });
    let mut nothing = HashMap::new();
    Propagator::new().inject(&mut nothing);
    assert!(nothing.is_empty(), "{nothing:?}");
}

#[test]
fn the_decision_of_a_remote_parent_is_respected() {
    let mut observed = crate::with(Config::new());
    let mut headers = headers();
    headers.insert(
        "traceparent".to_owned(),
        format!("00-{TRACE}-b7ad6b7169203331-00"),
    );
    library::serve(&headers, || ours(|| library::leaf("never")));
    library::leaf("sampled");
    assert_text(&observed.tree(1, &[]), "internal `sampled`");
}

#[test]
fn a_carrier_may_attach_contexts_and_call_annotated_functions() {
    struct Busy<'a>(&'a mut HashMap<String, String>);
    impl opentelemetry::propagation::Injector for Busy<'_> {
        fn set(&mut self, key: &str, value: String) {
            ours(|| ());
            self.0.insert(key.to_owned(), value);
        }
    }
    let mut observed = crate::start();
    library::within("theirs", || {
        let mut sent = HashMap::new();
        let context = Context::current();
        Propagator::new().inject_context(&context, &mut Attaching(&mut sent));
        Propagator::new().inject(&mut Busy(&mut sent));
        assert_eq!(sent.len(), 1);
        ours(|| ());
    });
    assert_eq!(current_context(), None);
    let expected = "
        internal `theirs`
          internal `ours`
          internal `ours`
          internal `ours`
    ";
    assert_text(&observed.tree(4, &[]), expected);
}

struct Attaching<'a>(&'a mut HashMap<String, String>);

impl opentelemetry::propagation::Injector for Attaching<'_> {
    fn set(&mut self, key: &str, value: String) {
        let _scope = Context::new().attach();
        ours(|| ());
        self.0.insert(key.to_owned(), value);
    }
}

#[test]
fn headers_that_say_nothing_leave_the_context_as_it_is() {
    let _observed = crate::start();
    ours(|| {
        for headers in [
            HashMap::new(),
            HashMap::from([("traceparent".to_owned(), "garbage".to_owned())]),
        ] {
            let found = Propagator::new().extract(&headers);
            let current = Context::current();
            assert_eq!(found.span().span_context(), current.span().span_context());
        }
    });
}

#[test]
fn the_fields_are_those_of_the_formats() {
    let _observed = crate::start();
    let propagator = Propagator::new();
    let fields: Vec<_> = propagator.fields().collect();
    assert_eq!(fields, ["traceparent", "tracestate", "baggage"]);
}

#[test]
fn trace_state_of_ours_is_seen_by_a_library() {
    let _observed = crate::start();
    let state = TraceState::EMPTY.with("vendor", "9").unwrap();
    ours(|| {
        let context = otel_runtime::Context::current().with_trace_state(state);
        context.run(|| {
            ours(|| {
                let context = Context::current();
                let span = context.span();
                assert_eq!(span.span_context().trace_state().get("vendor"), Some("9"));
            });
        });
    });
}
