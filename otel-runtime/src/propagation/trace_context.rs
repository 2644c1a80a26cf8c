//! [W3C Trace Context level 2](https://www.w3.org/TR/trace-context-2/).

use std::fmt::Write as _;

use super::{Extractor, Found, Injector, Told, single};
use crate::context::{SpanContext, TraceFlags, TraceState};

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";

/// Of version 00, and the least of any later one.
const LENGTH: usize = 55;

pub(super) fn extract(carrier: &(impl Extractor + ?Sized), found: &mut Found) {
    if let Some(span) = single(carrier, TRACEPARENT).and_then(parse) {
        // What cannot be read is worth nothing, and says nothing about the parent.
        let trace_state = match carrier.get(TRACESTATE) {
            Some(_) => TraceState::from_headers(carrier.get_all(TRACESTATE)).unwrap_or_default(),
            None => TraceState::EMPTY,
        };
        found.parent(span, trace_state, false);
    }
}

pub(super) fn inject(told: &Told<'_>, carrier: &mut (impl Injector + ?Sized)) {
    let Some(span) = told.span else { return };
    let (trace_id, span_id) = (span.trace_id, span.span_id);
    let flags = span.trace_flags.bits() & KNOWN_FLAGS;
    let mut header = String::with_capacity(LENGTH);
    // Writing to a string cannot fail.
    let _ = write!(header, "00-{trace_id}-{span_id}-{flags:02x}");
    carrier.set(TRACEPARENT, header);
    let trace_state = &told.carried.trace_state;
    match trace_state.is_empty() {
        true => carrier.remove(TRACESTATE),
        false => carrier.set(TRACESTATE, trace_state.as_str().to_owned()),
    }
}

const KNOWN_FLAGS: u8 = TraceFlags::SAMPLED.union(TraceFlags::RANDOM).bits();

fn parse(header: &str) -> Option<SpanContext> {
    let version = lowercase_byte(header.get(..2)?)?;
    let is_known_length = match version {
        0 => header.len() == LENGTH,
        // The one version that never will be.
        0xff => false,
        _ => header.len() == LENGTH || header.as_bytes().get(LENGTH) == Some(&b'-'),
    };
    let (version_end, trace_end, span_end) = (2, 35, 52);
    let dashes = [version_end, trace_end, span_end];
    if !is_known_length
        || dashes
            .iter()
            .any(|&at| header.as_bytes().get(at) != Some(&b'-'))
    {
        return None;
    }
    let flags = lowercase_byte(header.get(span_end + 1..LENGTH)?)?;
    Some(SpanContext {
        trace_id: header.get(version_end + 1..trace_end)?.parse().ok()?,
        span_id: header.get(trace_end + 1..span_end)?.parse().ok()?,
        trace_flags: TraceFlags::from_bits(flags & KNOWN_FLAGS),
        is_remote: true,
    })
}

fn lowercase_byte(text: &str) -> Option<u8> {
    let is_lowercase = !text
        .bytes()
        .any(|byte| byte.is_ascii_uppercase() || byte == b'+');
    is_lowercase.then(|| u8::from_str_radix(text, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for (header, flags) in [
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", 0),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 1),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", 3),
        ] {
            let span = parse(header).unwrap();
            assert_eq!((span.trace_flags.bits(), span.is_remote), (flags, true));
            let mut carrier = std::collections::HashMap::new();
            let told = Told {
                span: Some(span),
                carried: &crate::context::Carried::default(),
            };
            inject(&told, &mut carrier);
            assert_eq!(carrier[TRACEPARENT], header);
        }
    }

    #[test]
    fn flags_that_nobody_knows_are_not_passed_on() {
        let span = parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff").unwrap();
        assert_eq!(span.trace_flags.bits(), 3);
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        for header in [
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-brings",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        ] {
            assert!(parse(header).unwrap().is_sampled(), "{header}");
        }
    }

    #[test]
    fn what_is_not_exactly_right_is_nothing() {
        for header in [
            "",
            "00",
            "\u{fffd}",
            // a version that is none, or unfinished
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "+0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "0-00af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what",
            // more than version 00 has, or less
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-.0",
            // ids
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
            "00-.af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c8031-9cb7ad6b7169203331-01",
            "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
            "00-0af7651916cd43dd8448eb211c80319\u{e9}b7ad6b7169203331-01",
        ] {
            assert_eq!(parse(header), None, "{header}");
        }
    }
}
