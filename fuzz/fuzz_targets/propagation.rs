//! Whatever headers say, reading them gives a context, and what is written of that context is
//! read as the same again, by each format alone and by all of them together.
#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_runtime::propagation::{Extractor, Injector, Propagator, extract, inject_context};
use otel_runtime::{Baggage, Config, Context, SpanContext, TraceState, install};

/// Names that the input chooses from, so that the fuzzer need not find them.
const NAMES: [&str; 12] = [
    "traceparent",
    "tracestate",
    "baggage",
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-sampled",
    "x-b3-flags",
    "uber-trace-id",
    "uberctx-",
    "x-amzn-trace-id",
    "uberctx-key",
];

#[derive(Clone, Debug, Default, PartialEq)]
struct Headers(Vec<(String, String)>);

impl Extractor for Headers {
    fn get(&self, key: &str) -> Option<&str> {
        self.get_all(key).first().copied()
    }

    fn get_all(&self, key: &str) -> Vec<&str> {
        let of_key = self.0.iter().filter(|(known, _)| known == key);
        of_key.map(|(_, value)| value.as_str()).collect()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(key, _)| key.as_str()).collect()
    }
}

impl Injector for Headers {
    fn set(&mut self, key: &str, value: String) {
        let is_header = |byte: u8| matches!(byte, b' '..=b'~');
        assert!(value.bytes().all(is_header), "{key}: {value}");
        self.remove(key);
        self.0.push((key.to_owned(), value));
    }

    fn remove(&mut self, key: &str) {
        self.0.retain(|(known, _)| known != key);
    }
}

fn parts(context: Context) -> (Option<SpanContext>, TraceState, Baggage) {
    (context.span(), context.trace_state(), context.baggage())
}

fn written(context: Context) -> Headers {
    let mut headers = Headers::default();
    inject_context(context, &mut headers);
    headers
}

// a byte that chooses the formats; lines of a digit that chooses the name, and a value
fuzz_target!(|input: &[u8]| {
    let Some((&chosen, lines)) = input.split_first() else {
        return;
    };
    let one = Propagator::ALL.get(usize::from(chosen % 8)).copied();
    let formats = one.map_or(Propagator::ALL.to_vec(), |one| vec![one]);
    let telemetry = install(Config::new().propagators(formats).disabled(true));
    let telemetry = telemetry.expect("one at a time");
    let headers = Headers(
        lines
            .split(|byte| *byte == b'\n')
            .filter_map(header)
            .collect(),
    );
    let found = extract(&headers);
    let passed_on = written(found);
    let found_again = extract(&passed_on);
    if one.is_some() {
        assert_eq!(
            parts(found),
            parts(found_again),
            "{headers:?} {passed_on:?}"
        );
    }
    assert_eq!(
        written(found_again),
        written(extract(&written(found_again))),
        "{headers:?}"
    );
    let state = found.trace_state();
    assert!(state.as_str().len() <= 512 && state.iter().count() <= 32);
    let baggage: usize = found
        .baggage()
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum();
    assert!(baggage <= 8192 && found.baggage().len() <= 64);
    drop(telemetry);
});

fn header(line: &[u8]) -> Option<(String, String)> {
    let (&name, value) = line.split_first()?;
    let name = NAMES[usize::from(name) % NAMES.len()];
    let value = String::from_utf8_lossy(value).into_owned();
    Some((name.to_owned(), value))
}
