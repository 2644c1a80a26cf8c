//! Metrics that are known before `main`.

use super::instrument::Instrument;
use super::labels::Labels;
use super::statics::{Amount, Counter, Gauge, Histogram, UpDownCounter};

/// What `#[metric]` goes on: a [`Counter`], [`UpDownCounter`], [`Gauge`] or [`Histogram`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no metric that can be known before `main`",
    label = "`#[metric]` goes on a `Counter`, `UpDownCounter`, `Gauge` or `Histogram`",
    note = "what is observed is there when its callback is: `.observe(..)`"
)]
pub trait Registered {
    /// The instrument without its types.
    fn registered(&self) -> &Instrument;
}

/// Puts a metric on the program's list; generated code has the loader call it.
pub fn register_metric<M: Registered>(metric: &'static M) {
    metric.registered().register();
}

macro_rules! registered {
    ($($instrument:ident<L $(, $number:ident)?>),+) => {$(
        impl<L: Labels $(, $number: Amount)?> Registered for $instrument<L $(, $number)?> {
            fn registered(&self) -> &Instrument {
                self.instrument()
            }
        }
    )+};
}

registered!(Counter<L, N>, UpDownCounter<L, N>, Gauge<L, N>, Histogram<L>);
