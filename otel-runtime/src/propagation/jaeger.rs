//! [Jaeger's own format](https://www.jaegertracing.io/sdk-migration/#propagation-format).

use super::{Extractor, Found, Injector, Told, hex, single};
use crate::context::{SpanContext, TraceFlags, TraceState, percent};

const UBER_TRACE_ID: &str = "uber-trace-id";
/// Before the key of each entry of baggage.
const UBERCTX: &str = "uberctx-";

const SAMPLED: u8 = 1;
const DEBUG: u8 = 2;

pub(super) fn extract(carrier: &(impl Extractor + ?Sized), found: &mut Found) {
    if let Some((span, is_debug)) = single(carrier, UBER_TRACE_ID).and_then(parse) {
        found.parent(span, TraceState::EMPTY, is_debug);
    }
    for name in carrier.keys() {
        let prefix = name.get(..UBERCTX.len());
        if !prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(UBERCTX)) {
            continue;
        }
        if let Some(value) = carrier.get(name) {
            let key = &name[UBERCTX.len()..];
            // As with the header of W3C: what does not fit is left out.
            let _ = found.carried.baggage.set(key, &percent::decode(value));
        }
    }
}

pub(super) fn inject(told: &Told<'_>, carrier: &mut (impl Injector + ?Sized)) {
    if let Some(span) = told.span {
        let (trace_id, span_id) = (span.trace_id, span.span_id);
        let flags = match (span.is_sampled(), told.carried.is_debug) {
            (true, true) => SAMPLED | DEBUG,
            (true, false) => SAMPLED,
            (false, _) => 0,
        };
        carrier.set(UBER_TRACE_ID, format!("{trace_id}:{span_id}:0:{flags:x}"));
    }
    for (key, value) in told.carried.baggage.iter() {
        let mut encoded = String::new();
        percent::encode(value, &mut encoded);
        carrier.set(&format!("{UBERCTX}{key}"), encoded);
    }
}

/// Four numbers between colons, which some clients encode. The third, the parent's parent, has
/// no meaning any more.
fn parse(header: &str) -> Option<(SpanContext, bool)> {
    // No valid one is longer, and nothing longer is worth a copy.
    const MOST_BYTES: usize = 128;
    if header.len() > MOST_BYTES {
        return None;
    }
    let header = percent::decode(header);
    let mut parts = header.split(':');
    let mut next = || parts.next();
    let (trace_id, span_id, _, flags) = (next()?, next()?, next()?, next()?);
    if next().is_some() {
        return None;
    }
    let flags = hex::number(flags, 2)? as u8;
    let span = SpanContext {
        trace_id: hex::trace_id(trace_id)?,
        span_id: hex::span_id(span_id)?,
        trace_flags: TraceFlags::default().with_sampled(flags & SAMPLED != 0),
        is_remote: true,
    };
    Some((span, flags & (SAMPLED | DEBUG) == SAMPLED | DEBUG))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::context::Carried;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const SPAN: &str = "b7ad6b7169203331";

    fn read(header: &str) -> Option<(String, bool, bool)> {
        let (span, is_debug) = parse(header)?;
        Some((
            format!("{}:{}", span.trace_id, span.span_id),
            span.is_sampled(),
            is_debug,
        ))
    }

    #[test]
    fn numbers_of_any_length_are_read() {
        let ids = format!("{TRACE}:{SPAN}");
        for (header, ids, is_sampled, is_debug) in [
            (format!("{TRACE}:{SPAN}:0:1"), ids.clone(), true, false),
            (format!("{TRACE}:{SPAN}:0:0"), ids.clone(), false, false),
            (format!("{TRACE}:{SPAN}:0:3"), ids.clone(), true, true),
            (format!("{TRACE}:{SPAN}:0:2"), ids.clone(), false, false),
            (
                format!("{TRACE}:{SPAN}:{SPAN}:01"),
                ids.clone(),
                true,
                false,
            ),
            (format!("{TRACE}:{SPAN}::1"), ids.clone(), true, false),
            (
                format!("{TRACE}%3A{SPAN}%3a0%3A1"),
                ids.clone(),
                true,
                false,
            ),
            (
                format!("{TRACE}:{SPAN}:0:1").to_uppercase(),
                ids,
                true,
                false,
            ),
            (
                "abc:d:0:1".to_owned(),
                format!("{:032x}:{:016x}", 0xabc, 0xd),
                true,
                false,
            ),
        ] {
            assert_eq!(read(&header), Some((ids, is_sampled, is_debug)), "{header}");
        }
    }

    #[test]
    fn what_is_not_right_names_no_parent() {
        for header in [
            "",
            ":::",
            TRACE,
            &format!("{TRACE}:{SPAN}:0"),
            &format!("{TRACE}:{SPAN}:0:"),
            &format!("{TRACE}:{SPAN}:0:1:"),
            &format!("{TRACE}:{SPAN}:0:xyz"),
            &format!("{TRACE}:{SPAN}:0:100"),
            &format!("0{TRACE}:{SPAN}:0:1"),
            &format!("{TRACE}:0{SPAN}:0:1"),
            &format!("0:{SPAN}:0:1"),
            &format!("{TRACE}:0:0:1"),
            &format!("{TRACE}:-1:0:1"),
            &format!("{TRACE}:{SPAN}:{}:1", "0".repeat(100)),
            "\u{fffd}",
        ] {
            assert_eq!(read(header), None, "{header}");
        }
    }

    #[test]
    fn baggage_goes_in_headers_of_its_own() {
        let mut carried = Carried::default();
        carried.baggage.set("tenant", "a b").unwrap();
        carried.baggage.set("user", "\u{e4}").unwrap();
        let mut written = BTreeMap::new();
        inject(
            &Told {
                span: None,
                carried: &carried,
            },
            &mut written,
        );
        assert_eq!(written["uberctx-tenant"], "a%20b");
        let mut found = Found::default();
        written.insert("UberCtx-other".to_owned(), "x".to_owned());
        written.insert("uberctx-".to_owned(), "x".to_owned());
        written.insert("uberct\u{e4}-".to_owned(), "x".to_owned());
        extract(&written, &mut found);
        carried.baggage.set("other", "x").unwrap();
        let sorted = |carried: &Carried| {
            let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
            carried
                .baggage
                .iter()
                .map(owned)
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(sorted(&found.carried), sorted(&carried));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (is_sampled, is_debug) in [(true, false), (false, false), (true, true)] {
            let carried = Carried {
                is_debug,
                ..Carried::default()
            };
            let (mut span, _) = parse(&format!("{TRACE}:{SPAN}:0:0")).unwrap();
            span.trace_flags = span.trace_flags.with_sampled(is_sampled);
            let mut written = BTreeMap::new();
            inject(
                &Told {
                    span: Some(span),
                    carried: &carried,
                },
                &mut written,
            );
            assert_eq!(parse(&written[UBER_TRACE_ID]), Some((span, is_debug)));
        }
    }
}
