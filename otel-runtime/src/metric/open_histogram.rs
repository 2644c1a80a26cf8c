//! A histogram of which every attribute is given with the value.

use super::instrument::Instrument;
use super::open::{Series, Value};
use super::spec::{Kind, Spec, check_boundaries, check_name, check_unit};

/// A histogram of which every attribute is given with the value: a `static`, for metrics of the
/// semantic conventions that are about many places of a program at once.
#[derive(Debug)]
pub(crate) struct OpenHistogram {
    instrument: Instrument,
}

impl OpenHistogram {
    /// With these boundaries and keys; so many combinations of values are told apart.
    #[track_caller]
    pub(crate) const fn new(
        name: &'static str,
        unit: &'static str,
        description: &'static str,
        boundaries: &'static [f64],
        keys: &'static [&'static str],
        most_series: usize,
    ) -> Self {
        check_name(name);
        check_unit(unit);
        check_boundaries(boundaries);
        Self {
            instrument: Instrument::new(Spec {
                unit,
                description,
                open_keys: keys,
                places: most_series,
                package: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                ..Spec::one(name, Kind::Histogram(boundaries))
            }),
        }
    }

    /// The series of these values, one for each key. While values are not wanted, no place is given
    /// to any.
    pub(crate) fn series(&'static self, values: &[Value<'_>]) -> Series {
        match self.instrument.interner() {
            Some(interner) if self.instrument.is_wanted() => interner.series(0, values),
            _ => Series::OVERFLOW,
        }
    }

    /// Counts a value in a series, which may have lost its place since.
    pub(crate) fn record(&'static self, series: Series, value: f64) {
        self.instrument.record_to(series, value);
    }
}
