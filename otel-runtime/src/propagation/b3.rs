//! [B3](https://github.com/openzipkin/b3-propagation), in one header or in several.

use super::{Extractor, Found, Injector, Told, hex, single};
use crate::context::{SpanContext, TraceFlags, TraceState};

const B3: &str = "b3";
const TRACE_ID: &str = "x-b3-traceid";
const SPAN_ID: &str = "x-b3-spanid";
const SAMPLED: &str = "x-b3-sampled";
const FLAGS: &str = "x-b3-flags";

/// What is said of sampling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Sampled,
    NotSampled,
    Debug,
}

/// Reads the one header, and where that names no parent, the others.
pub(super) fn extract(carrier: &(impl Extractor + ?Sized), found: &mut Found) {
    let parent = single(carrier, B3)
        .and_then(parse_single)
        .or_else(|| parse_multi(carrier));
    if let Some((span, is_debug)) = parent {
        found.parent(span, TraceState::EMPTY, is_debug);
    }
}

pub(super) fn inject_single(told: &Told<'_>, carrier: &mut (impl Injector + ?Sized)) {
    let Some(span) = told.span else { return };
    let (trace_id, span_id) = (span.trace_id, span.span_id);
    let decision = match Decision::of(&span, told) {
        Decision::Sampled => '1',
        Decision::NotSampled => '0',
        Decision::Debug => 'd',
    };
    carrier.set(B3, format!("{trace_id}-{span_id}-{decision}"));
}

pub(super) fn inject_multi(told: &Told<'_>, carrier: &mut (impl Injector + ?Sized)) {
    let Some(span) = told.span else { return };
    carrier.set(TRACE_ID, span.trace_id.to_string());
    carrier.set(SPAN_ID, span.span_id.to_string());
    // Debug says that it is sampled, and nothing else may say so then.
    let (set, value, removed) = match Decision::of(&span, told) {
        Decision::Sampled => (SAMPLED, "1", FLAGS),
        Decision::NotSampled => (SAMPLED, "0", FLAGS),
        Decision::Debug => (FLAGS, "1", SAMPLED),
    };
    carrier.set(set, value.to_owned());
    carrier.remove(removed);
}

impl Decision {
    fn of(span: &SpanContext, told: &Told<'_>) -> Self {
        match (span.is_sampled(), told.carried.is_debug) {
            (true, true) => Self::Debug,
            (true, false) => Self::Sampled,
            (false, _) => Self::NotSampled,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "1" | "true" => Self::Sampled,
            "0" | "false" => Self::NotSampled,
            "d" => Self::Debug,
            _ => return None,
        })
    }
}

fn parse_single(header: &str) -> Option<(SpanContext, bool)> {
    let mut parts = header.split('-');
    let (trace_id, span_id) = (parts.next()?, parts.next()?);
    let decision = match parts.next() {
        // Left to us, and what is not known to be sampled is not.
        None => Decision::NotSampled,
        Some(text) => Decision::parse(text)?,
    };
    let is_whole = match parts.next() {
        None => true,
        Some(parent) => parent.len() == 16 && hex::number(parent, 16).is_some(),
    };
    (is_whole && parts.next().is_none()).then(|| parent(trace_id, span_id, decision))?
}

fn parse_multi(carrier: &(impl Extractor + ?Sized)) -> Option<(SpanContext, bool)> {
    let decision = match (single(carrier, FLAGS), single(carrier, SAMPLED)) {
        (Some("1"), _) => Decision::Debug,
        (_, Some(text)) => Decision::parse(text)?,
        (_, None) => Decision::NotSampled,
    };
    parent(
        single(carrier, TRACE_ID)?,
        single(carrier, SPAN_ID)?,
        decision,
    )
}

fn parent(trace_id: &str, span_id: &str, decision: Decision) -> Option<(SpanContext, bool)> {
    let is_sized = matches!(trace_id.len(), 16 | 32) && span_id.len() == 16;
    let is_sampled = decision != Decision::NotSampled;
    let span = SpanContext {
        trace_id: hex::trace_id(trace_id)?,
        span_id: hex::span_id(span_id)?,
        trace_flags: TraceFlags::default().with_sampled(is_sampled),
        is_remote: true,
    };
    is_sized.then_some((span, decision == Decision::Debug))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const SPAN: &str = "b7ad6b7169203331";

    fn carrier(headers: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        headers.iter().map(owned).collect()
    }

    fn read(headers: &[(&str, &str)]) -> Option<(String, bool, bool)> {
        let mut found = Found::default();
        extract(&carrier(headers), &mut found);
        let span = found.span?;
        let ids = format!("{}-{}", span.trace_id, span.span_id);
        Some((ids, span.is_sampled(), found.carried.is_debug))
    }

    #[test]
    fn a_parent_is_read_from_either_form() {
        let ids = format!("{TRACE}-{SPAN}");
        let short = format!("0000000000000000{}-{SPAN}", &TRACE[16..]);
        let header = |rest: &str| format!("{TRACE}-{SPAN}{rest}");
        for (headers, read_as) in [
            (vec![(B3, header("-1"))], (&ids, true, false)),
            (vec![(B3, header("-0"))], (&ids, false, false)),
            (vec![(B3, header("-d"))], (&ids, true, true)),
            (vec![(B3, header(""))], (&ids, false, false)),
            (
                vec![(B3, header("-1-05e3ac9a4f6e3b90"))],
                (&ids, true, false),
            ),
            (
                vec![(B3, format!("{}-{SPAN}-1", &TRACE[16..]))],
                (&short, true, false),
            ),
            (vec![(B3, header("-1").to_uppercase())], (&ids, true, false)),
            (
                vec![
                    (TRACE_ID, TRACE.into()),
                    (SPAN_ID, SPAN.into()),
                    (SAMPLED, "1".into()),
                ],
                (&ids, true, false),
            ),
            (
                vec![
                    (TRACE_ID, TRACE.into()),
                    (SPAN_ID, SPAN.into()),
                    (SAMPLED, "true".into()),
                ],
                (&ids, true, false),
            ),
            (
                vec![
                    (TRACE_ID, TRACE.into()),
                    (SPAN_ID, SPAN.into()),
                    (SAMPLED, "false".into()),
                ],
                (&ids, false, false),
            ),
            (
                vec![(TRACE_ID, TRACE.into()), (SPAN_ID, SPAN.into())],
                (&ids, false, false),
            ),
            (
                vec![
                    (TRACE_ID, TRACE.into()),
                    (SPAN_ID, SPAN.into()),
                    (FLAGS, "1".into()),
                ],
                (&ids, true, true),
            ),
            (
                vec![
                    (TRACE_ID, TRACE[16..].into()),
                    (SPAN_ID, SPAN.into()),
                    (SAMPLED, "1".into()),
                ],
                (&short, true, false),
            ),
            // the one header stands above the others, unless it names nobody
            (
                vec![
                    (B3, header("-1")),
                    (TRACE_ID, "1".repeat(32)),
                    (SPAN_ID, SPAN.into()),
                ],
                (&ids, true, false),
            ),
            (
                vec![
                    (B3, "0".into()),
                    (TRACE_ID, TRACE.into()),
                    (SPAN_ID, SPAN.into()),
                    (SAMPLED, "1".into()),
                ],
                (&ids, true, false),
            ),
        ] {
            let headers: Vec<_> = headers
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .collect();
            let (ids, is_sampled, is_debug) = read_as;
            assert_eq!(
                read(&headers),
                Some((ids.clone(), is_sampled, is_debug)),
                "{headers:?}"
            );
        }
    }

    #[test]
    fn what_is_not_right_names_no_parent() {
        for header in [
            "",
            "0",
            "1",
            "d",
            "-",
            "---",
            TRACE,
            &format!("{TRACE}-"),
            &format!("{TRACE}-{SPAN}-"),
            &format!("{TRACE}-{SPAN}-2"),
            &format!("{TRACE}-{SPAN}-1-"),
            &format!("{TRACE}-{SPAN}-1-{SPAN}-"),
            &format!("{TRACE}-{SPAN}-1-05e3ac9a4f6e3b9"),
            &format!("{TRACE}0-{SPAN}-1"),
            &format!("{}-{SPAN}-1", &TRACE[1..]),
            &format!("{TRACE}-{}-1", &SPAN[1..]),
            &format!("{}-{SPAN}-1", "0".repeat(32)),
            &format!("{TRACE}-{}-1", "0".repeat(16)),
            &format!("{}g-{SPAN}-1", &TRACE[1..]),
            &format!("+{}-{SPAN}-1", &TRACE[1..]),
            "\u{fffd}",
        ] {
            assert_eq!(read(&[(B3, header)]), None, "{header}");
        }
        for headers in [
            vec![(TRACE_ID, TRACE)],
            vec![(SPAN_ID, SPAN), (SAMPLED, "1")],
            vec![(TRACE_ID, TRACE), (SPAN_ID, SPAN), (SAMPLED, "maybe")],
            vec![(TRACE_ID, &TRACE[1..]), (SPAN_ID, SPAN)],
            vec![(SAMPLED, "1")],
        ] {
            assert_eq!(read(&headers), None, "{headers:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (is_sampled, is_debug) in [(true, false), (false, false), (true, true)] {
            let carried = crate::context::Carried {
                is_debug,
                ..Default::default()
            };
            let span = SpanContext {
                trace_id: TRACE.parse().unwrap(),
                span_id: SPAN.parse().unwrap(),
                trace_flags: TraceFlags::default().with_sampled(is_sampled),
                is_remote: true,
            };
            let told = Told {
                span: Some(span),
                carried: &carried,
            };
            // what an earlier context has left
            let stale = [(SAMPLED, "1"), (FLAGS, "1")];
            let (mut one, mut several) = (carrier(&[]), carrier(&stale));
            inject_single(&told, &mut one);
            inject_multi(&told, &mut several);
            for written in [one, several] {
                let mut found = Found::default();
                extract(&written, &mut found);
                assert_eq!(found.span, Some(span), "{written:?}");
                assert_eq!(found.carried.is_debug, is_debug, "{written:?}");
            }
        }
    }
}
