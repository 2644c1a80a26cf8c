//! Which formats are read and written.

use std::sync::atomic::{AtomicU32, Ordering};

/// A format of contexts in headers.
///
/// What becomes of headers that are not as they should be, and how much of them is taken, stands
/// in the guide under “Across services”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Propagator {
    /// [W3C Trace Context level 2](https://www.w3.org/TR/trace-context-2/): `traceparent`,
    /// `tracestate`.
    TraceContext,
    /// [W3C Baggage](https://www.w3.org/TR/baggage/): `baggage`.
    Baggage,
    /// [B3](https://github.com/openzipkin/b3-propagation) in one header, `b3`; reads both forms.
    B3,
    /// B3 in several headers, `x-b3-traceid` and others; reads both forms.
    B3Multi,
    /// [Jaeger's own](https://www.jaegertracing.io/sdk-migration/#propagation-format):
    /// `uber-trace-id`, and baggage in `uberctx-…`.
    Jaeger,
    /// [AWS X-Ray](https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader):
    /// `x-amzn-trace-id`.
    XRay,
}

impl Propagator {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::TraceContext,
        Self::Baggage,
        Self::B3,
        Self::B3Multi,
        Self::Jaeger,
        Self::XRay,
    ];

    /// What is read and written if nobody says otherwise.
    pub const DEFAULT: [Self; 2] = [Self::TraceContext, Self::Baggage];

    /// What `OTEL_PROPAGATORS` calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TraceContext => "tracecontext",
            Self::Baggage => "baggage",
            Self::B3 => "b3",
            Self::B3Multi => "b3multi",
            Self::Jaeger => "jaeger",
            Self::XRay => "xray",
        }
    }

    /// The keys that it sets. Jaeger's baggage has others.
    #[must_use]
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::TraceContext => &["traceparent", "tracestate"],
            Self::Baggage => &["baggage"],
            Self::B3 => &["b3"],
            Self::B3Multi => &["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"],
            Self::Jaeger => &["uber-trace-id"],
            Self::XRay => &["x-amzn-trace-id"],
        }
    }
}

/// The formats in their order, four bits each, the first one lowest: their place in
/// [`Propagator::ALL`], from 1 on. A word of its own that orders nothing else, so relaxed.
static CONFIGURED: AtomicU32 = AtomicU32::new(word(&Propagator::DEFAULT));

/// Reads and writes these from now on. Of one that comes twice the first counts.
pub(crate) fn set_configured(propagators: &[Propagator]) {
    let mut distinct = Vec::new();
    for propagator in propagators {
        if !distinct.contains(propagator) {
            distinct.push(*propagator);
        }
    }
    CONFIGURED.store(word(&distinct), Ordering::Relaxed);
}

/// What is read and written.
pub(super) fn all() -> impl Iterator<Item = Propagator> {
    let mut word = CONFIGURED.load(Ordering::Relaxed);
    std::iter::from_fn(move || {
        let place = (word & 0xf) as usize;
        word >>= 4;
        Propagator::ALL.get(place.checked_sub(1)?).copied()
    })
}

const fn word(propagators: &[Propagator]) -> u32 {
    let mut word = 0;
    let mut index = propagators.len();
    while index > 0 {
        index -= 1;
        word = word << 4 | (propagators[index] as u32 + 1);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_its_place() {
        for (place, propagator) in Propagator::ALL.into_iter().enumerate() {
            assert_eq!(propagator as usize, place);
        }
    }
}
