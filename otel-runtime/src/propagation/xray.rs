//! The [tracing header of AWS X-Ray](https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader).

use super::{Extractor, Found, Injector, Told, hex, single};
use crate::context::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

const X_AMZN_TRACE_ID: &str = "x-amzn-trace-id";

pub(super) fn extract(carrier: &(impl Extractor + ?Sized), found: &mut Found) {
    if let Some(span) = single(carrier, X_AMZN_TRACE_ID).and_then(parse) {
        found.parent(span, TraceState::EMPTY, false);
    }
}

pub(super) fn inject(told: &Told<'_>, carrier: &mut (impl Injector + ?Sized)) {
    let Some(span) = told.span else { return };
    let trace_id = span.trace_id.to_string();
    let (time, random) = trace_id.split_at(8);
    let (parent, sampled) = (span.span_id, u8::from(span.is_sampled()));
    let header = format!("Root=1-{time}-{random};Parent={parent};Sampled={sampled}");
    carrier.set(X_AMZN_TRACE_ID, header);
}

/// Pairs between semicolons, in any order; others than these may stand beside them.
fn parse(header: &str) -> Option<SpanContext> {
    let (mut trace_id, mut span_id, mut is_sampled) = (None, None, false);
    for pair in header.split(';') {
        let (key, value) = pair.split_once('=')?;
        let value = value.trim_matches([' ', '\t']);
        match key.trim_matches([' ', '\t']) {
            "Root" => trace_id = Some(root(value)?),
            "Parent" => span_id = Some(parent(value)?),
            "Sampled" => {
                is_sampled = match value {
                    "1" => true,
                    // The question mark leaves it to us, and what is not known to be sampled is not.
                    "0" | "?" | "" => false,
                    _ => return None,
                }
            }
            _ => {}
        }
    }
    Some(SpanContext {
        trace_id: trace_id?,
        span_id: span_id?,
        trace_flags: TraceFlags::default().with_sampled(is_sampled),
        is_remote: true,
    })
}

/// A version, eight digits of time, and 24 random ones.
fn root(value: &str) -> Option<TraceId> {
    let (time, random) = value.strip_prefix("1-")?.split_once('-')?;
    if time.len() != 8 || random.len() != 24 {
        return None;
    }
    TraceId::new(hex::number(time, 8)? << 96 | hex::number(random, 24)?)
}

fn parent(value: &str) -> Option<SpanId> {
    (value.len() == 16).then(|| hex::span_id(value))?
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::context::Carried;

    const ROOT: &str = "Root=1-5759e988-bd862e3fe1be46a994272793";
    const PARENT: &str = "Parent=53995c3f42cd8ad8";

    fn read(header: &str) -> Option<(String, bool)> {
        let span = parse(header)?;
        Some((
            format!("{}-{}", span.trace_id, span.span_id),
            span.is_sampled(),
        ))
    }

    #[test]
    fn pairs_are_read_in_any_order() {
        let ids = "5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8";
        for (header, is_sampled) in [
            (format!("{ROOT};{PARENT};Sampled=1"), true),
            (format!("{ROOT};{PARENT};Sampled=0"), false),
            (format!("{ROOT};{PARENT};Sampled=?"), false),
            (format!("{ROOT};{PARENT};Sampled="), false),
            (format!("{ROOT};{PARENT}"), false),
            (format!("Sampled=1; {PARENT} ;\t{ROOT}"), true),
            (
                format!("Self=1-1-1;{ROOT};{PARENT};Sampled=1;Lineage=a:b;=;x="),
                true,
            ),
        ] {
            assert_eq!(
                read(&header),
                Some((ids.to_owned(), is_sampled)),
                "{header}"
            );
        }
    }

    #[test]
    fn what_is_not_right_names_no_parent() {
        for header in [
            "",
            ";",
            "=;=",
            ROOT,
            PARENT,
            &format!("{ROOT};{PARENT};"),
            &format!("{ROOT};{PARENT};Sampled"),
            &format!("{ROOT};{PARENT};Sampled=2"),
            &format!("{ROOT}0;{PARENT}"),
            &format!("{ROOT};{PARENT}0"),
            &format!("{PARENT};Root=2-5759e988-bd862e3fe1be46a994272793"),
            &format!("{PARENT};Root=1-5759e988bd862e3fe1be46a994272793"),
            &format!("{PARENT};Root=1-5759e98-8bd862e3fe1be46a994272793"),
            &format!("{PARENT};Root=1-00000000-000000000000000000000000"),
            &format!("{PARENT};Root=1-+759e988-bd862e3fe1be46a994272793"),
            &format!("{ROOT};Parent=0000000000000000"),
            &format!("{ROOT};Parent=\u{fffd}"),
        ] {
            assert_eq!(read(header), None, "{header}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for is_sampled in [true, false] {
            let mut span = parse(&format!("{ROOT};{PARENT}")).unwrap();
            span.trace_flags = span.trace_flags.with_sampled(is_sampled);
            let mut written = BTreeMap::new();
            let carried = Carried::default();
            inject(
                &Told {
                    span: Some(span),
                    carried: &carried,
                },
                &mut written,
            );
            assert_eq!(parse(&written[X_AMZN_TRACE_ID]), Some(span));
        }
    }
}
