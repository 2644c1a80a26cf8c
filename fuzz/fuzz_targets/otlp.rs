//! Spans of any shape become OTLP that OTLP's own types decode to the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use otel_runtime::export::otlp::{Batch, Encoding};
use otel_runtime::export::{
    Array, Attribute, EventView, LinkView, Outcome, Scope, SpanView, Status, Value,
};
use otel_runtime::site::{Name, SiteSpec};
use otel_runtime::{Level, Resource, Site, SpanId, SpanKind, TraceFlags, TraceId};
use prost::Message;

static SITE: Site = Site::new(SiteSpec {
    name: Name::Fixed("fuzz"),
    function: None,
    kind: SpanKind::Internal,
    level: Level::Info,
    target: "fuzz",
    module: "fuzz",
    package: "fuzz",
    version: "0",
    file: file!(),
    line: 0,
    column: 0,
    fields: &[],
    busy: false,
    logged: false,
    stack_trace: false,
    traced: true,
    metered: false,
    objective: None,
    query: None,
});

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let mut resource = Resource::default();
    resource.set("service.name", input.text().to_owned());
    let mut protobuf = Batch::new(Encoding::Protobuf, &resource);
    let mut json = Batch::new(Encoding::JsonLine, &resource);
    let mut seen = Vec::new();
    let mut traces = Vec::new();
    while !input.0.is_empty() && seen.len() < 20 {
        push(&mut input, |span| {
            protobuf.push(span);
            json.push(span);
            seen.push((
                span.scope.name.len() + span.scope.version.len(),
                span.span_id,
            ));
            traces.push(span.trace_id);
        });
    }
    if let Some(trace) = traces.first().filter(|_| data.len() % 3 == 0) {
        let removed = protobuf.remove_trace(*trace);
        assert_eq!(json.remove_trace(*trace), removed);
        assert_eq!(
            removed as usize,
            traces.iter().filter(|other| *other == trace).count()
        );
        let mut kept = traces.iter().map(|other| other != trace);
        seen.retain(|_| kept.next().unwrap_or(true));
    }
    let (mut bytes, mut line) = (Vec::new(), Vec::new());
    assert_eq!(protobuf.finish_into(&mut bytes), seen.len() as u64);
    assert_eq!(json.finish_into(&mut line), seen.len() as u64);

    let request = ExportTraceServiceRequest::decode(&*bytes).expect("protobuf");
    assert_eq!(request.encode_to_vec(), bytes, "the canonical form");
    let spans = request.resource_spans[0].scope_spans.iter();
    let decoded: usize = spans.map(|scope| scope.spans.len()).sum();
    assert_eq!(decoded, seen.len());

    assert_eq!(line.pop(), Some(b'\n'));
    assert!(!line.iter().any(|byte| *byte < 0x20), "one line");
    let value: serde_json::Value = serde_json::from_slice(&line).expect("JSON");
    let scopes = value["resourceSpans"][0]["scopeSpans"]
        .as_array()
        .expect("scopes");
    let in_json: usize = scopes
        .iter()
        .map(|scope| scope["spans"].as_array().map_or(0, Vec::len))
        .sum();
    assert_eq!(in_json, seen.len());
});

/// Hands out what the fuzzer came up with; zeros at the end.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn number(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    /// As long as it is UTF-8, and sometimes longer than 127 or 16383 bytes.
    fn text(&mut self) -> &'a str {
        let len = match self.byte() {
            len @ 0..=250 => usize::from(len) / 4,
            _ => 20_000,
        };
        let (text, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default(),
        }
    }
}

/// Texts and numbers that array values borrow.
struct Pool<'a> {
    texts: Vec<&'a str>,
    ints: Vec<i64>,
    doubles: Vec<f64>,
    bools: Vec<bool>,
}

fn push(input: &mut Input<'_>, take: impl FnOnce(&SpanView<'_>)) {
    let pool = Pool {
        texts: (0..input.byte() % 4).map(|_| input.text()).collect(),
        ints: (0..input.byte() % 4)
            .map(|_| input.number() as i64)
            .collect(),
        doubles: (0..input.byte() % 4)
            .map(|_| f64::from_bits(input.number()))
            .collect(),
        bools: (0..input.byte() % 4)
            .map(|_| input.byte() & 1 == 1)
            .collect(),
    };
    let attributes = attributes(input, &pool);
    let inner = self::attributes(input, &pool);
    // OTLP leaves a time of zero out, which the canonical form does not show
    let mut time = || input.number() | 1;
    let (start_unix_ns, end_unix_ns, unix_ns) = (time(), time(), time());
    let events: Vec<_> = (0..input.byte() % 3)
        .map(|_| EventView {
            name: input.text(),
            unix_ns,
            attributes: &inner,
            dropped_attributes: input.number() as u32,
        })
        .collect();
    let links: Vec<_> = (0..input.byte() % 3)
        .map(|_| LinkView {
            trace_id: trace_id(input),
            span_id: span_id(input),
            trace_flags: TraceFlags::from_bits(input.byte()),
            is_remote: input.byte() & 1 == 1,
            trace_state: input.text(),
            attributes: &inner,
            dropped_attributes: input.number() as u32,
        })
        .collect();
    take(&SpanView {
        site: &SITE,
        name: input.text(),
        kind: SpanKind::Server,
        scope: Scope {
            name: ["", "a", "b"][usize::from(input.byte() % 3)],
            version: ["", "1"][usize::from(input.byte() % 2)],
        },
        trace_id: trace_id(input),
        span_id: span_id(input),
        parent_span_id: SpanId::new(input.number()),
        parent_is_remote: input.byte() & 1 == 1,
        trace_flags: TraceFlags::from_bits(input.byte()),
        trace_state: input.text(),
        start_unix_ns,
        end_unix_ns,
        outcome: Outcome::Ok,
        status: match input.byte() % 3 {
            0 => Status::Unset,
            1 => Status::Ok,
            _ => Status::Error(input.text()),
        },
        attributes: &attributes,
        events: &events,
        links: &links,
        dropped_attributes: input.number() as u32,
        dropped_events: u32::from(input.byte()),
        dropped_links: input.number() as u32,
        thread_id: 0,
    });
}

fn attributes<'i: 'p, 'p>(input: &mut Input<'i>, pool: &'p Pool<'i>) -> Vec<Attribute<'p>> {
    (0..input.byte() % 5)
        .map(|_| Attribute {
            key: input.text(),
            value: match input.byte() % 8 {
                0 => Value::Bool(input.byte() & 1 == 1),
                1 => Value::Int(input.number() as i64),
                2 => Value::Double(f64::from_bits(input.number())),
                3 => Value::Array(Array::Bools(&pool.bools)),
                4 => Value::Array(Array::Ints(&pool.ints)),
                5 => Value::Array(Array::Doubles(&pool.doubles)),
                6 => Value::Array(Array::Strs(&pool.texts)),
                _ => Value::Str(input.text()),
            },
        })
        .collect()
}

fn trace_id(input: &mut Input<'_>) -> TraceId {
    // few traces, so that several spans are of one
    TraceId::new(u128::from(input.byte() % 4) + 1).expect("not zero")
}

fn span_id(input: &mut Input<'_>) -> SpanId {
    SpanId::new(input.number() | 1).expect("not zero")
}
