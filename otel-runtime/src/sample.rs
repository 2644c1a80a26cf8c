//! Head sampling: whether a trace is recorded, decided before anything of it is.
//!
//! A [`Sampler`] is what a person writes; [`SampleGate`] is what the callers'
//! threads read. The gate is asked only where a trace enters the process, at
//! local roots and at spans with a remote parent; every other span does as its
//! parent does.
//!
//! Invariant: a decision depends on the trace id and on the parent's flag and
//! on nothing else, so all processes with one ratio keep the same traces.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::context::TraceId;

/// Which traces are recorded.
///
/// The default is [`Sampler::parent_based`] with [`Sampler::AlwaysOn`]: a trace
/// that began here is recorded, and a trace that began elsewhere is recorded if
/// it was recorded there. The names and meanings are those of the
/// [specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#built-in-samplers).
///
/// ```
/// use otel_runtime::{Config, Sampler};
///
/// // a tenth of the traces that begin here; for the others, what their origin decided
/// let config = Config::new().sampler(Sampler::parent_based(Sampler::TraceIdRatio(0.1)));
/// # let _ = config;
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Sampler {
    /// Every trace.
    AlwaysOn,
    /// No trace.
    AlwaysOff,
    /// This share of the traces, from 0 to 1, chosen by the trace id alone.
    ///
    /// The choice is the one the OpenTelemetry SDKs for Go, Rust and Python
    /// make for the same id and ratio.
    TraceIdRatio(f64),
    /// As the parent decided; for traces that begin here, as a sampler decides.
    ParentBased(Box<ParentBased>),
}

/// The parts of [`Sampler::ParentBased`].
///
/// A span whose parent is in this process always does as that parent does, so
/// there is nothing to choose for local parents.
///
/// ```
/// use otel_runtime::{ParentBased, Sampler};
///
/// // do not trust callers that want their traces recorded
/// let mut parts = ParentBased::new(Sampler::TraceIdRatio(0.01));
/// parts.remote_parent_sampled = Sampler::TraceIdRatio(0.01);
/// let sampler = Sampler::from(parts);
/// # let _ = sampler;
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ParentBased {
    /// For a trace that begins here.
    pub root: Sampler,
    /// For a trace whose remote parent is recorded; [`Sampler::AlwaysOn`] unless changed.
    pub remote_parent_sampled: Sampler,
    /// For a trace whose remote parent is not; [`Sampler::AlwaysOff`] unless changed.
    pub remote_parent_not_sampled: Sampler,
}

/// The parent of a span about to start, as far as sampling cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ParentKind {
    pub(crate) sampled: bool,
    pub(crate) remote: bool,
}

/// A sampler in the form the callers' threads read: one bound for each way in
/// which a trace can enter the process.
///
/// Lock-free: a decision is one relaxed load, a shift and a comparison. The
/// bounds are independent numbers and order nothing else, so relaxed is enough.
#[derive(Debug)]
pub(crate) struct SampleGate {
    root: AtomicU64,
    remote_sampled: AtomicU64,
    remote_not_sampled: AtomicU64,
}

/// Above every 63-bit number: all traces.
const ALL: u64 = 1 << 63;
/// Below every number: no trace.
const NONE: u64 = 0;

impl Sampler {
    /// Does as a remote parent decided, and as `root` decides where a trace begins.
    #[must_use]
    pub fn parent_based(root: Self) -> Self {
        ParentBased::new(root).into()
    }

    /// The ratio that is no ratio, if the sampler holds one.
    pub(crate) fn invalid_ratio(&self) -> Option<f64> {
        match self {
            Self::AlwaysOn | Self::AlwaysOff => None,
            Self::TraceIdRatio(ratio) => (!(0.0..=1.0).contains(ratio)).then_some(*ratio),
            Self::ParentBased(parts) => [
                &parts.root,
                &parts.remote_parent_sampled,
                &parts.remote_parent_not_sampled,
            ]
            .into_iter()
            .find_map(Self::invalid_ratio),
        }
    }

    /// The bound below which the low 63 random bits of a trace id must lie.
    fn bound(&self, remote_parent: Option<bool>) -> u64 {
        match self {
            Self::AlwaysOn => ALL,
            Self::AlwaysOff => NONE,
            // a cast saturates, and takes NaN for 0
            Self::TraceIdRatio(ratio) => (ratio.clamp(0.0, 1.0) * ALL as f64) as u64,
            Self::ParentBased(parts) => match remote_parent {
                None => parts.root.bound(remote_parent),
                Some(true) => parts.remote_parent_sampled.bound(remote_parent),
                Some(false) => parts.remote_parent_not_sampled.bound(remote_parent),
            },
        }
    }
}

impl Default for Sampler {
    fn default() -> Self {
        Self::parent_based(Self::AlwaysOn)
    }
}

impl ParentBased {
    /// Does as a remote parent decided, and as `root` decides where a trace begins.
    #[must_use]
    pub const fn new(root: Sampler) -> Self {
        Self {
            root,
            remote_parent_sampled: Sampler::AlwaysOn,
            remote_parent_not_sampled: Sampler::AlwaysOff,
        }
    }
}

impl From<ParentBased> for Sampler {
    fn from(parts: ParentBased) -> Self {
        Self::ParentBased(Box::new(parts))
    }
}

impl SampleGate {
    /// A gate that lets every trace in.
    pub(crate) const fn open() -> Self {
        Self {
            root: AtomicU64::new(ALL),
            remote_sampled: AtomicU64::new(ALL),
            remote_not_sampled: AtomicU64::new(ALL),
        }
    }

    /// Decides as `sampler` does from now on.
    pub(crate) fn set(&self, sampler: &Sampler) {
        self.root.store(sampler.bound(None), Ordering::Relaxed);
        self.remote_sampled
            .store(sampler.bound(Some(true)), Ordering::Relaxed);
        self.remote_not_sampled
            .store(sampler.bound(Some(false)), Ordering::Relaxed);
    }

    /// Whether the trace is recorded.
    #[inline]
    pub(crate) fn decide(&self, trace_id: TraceId, parent: Option<ParentKind>) -> bool {
        let bound = match parent {
            None => &self.root,
            Some(parent) if !parent.remote => return parent.sampled,
            Some(parent) if parent.sampled => &self.remote_sampled,
            Some(_) => &self.remote_not_sampled,
        };
        // Relaxed, pairs with the stores in `set`: see the type.
        (trace_id.get() as u64) >> 1 < bound.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
#[path = "sample_tests.rs"]
mod tests;
