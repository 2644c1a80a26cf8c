//! Further instruments of a metered function.

use super::call::CallSpec;
use super::instrument::Instrument;
use super::open::{Interner, Series};
use super::shape::LabelShape;
use super::spec::{
    Kind, MOST_SERIES, Number, Spec, check_boundaries, check_keys, check_name, check_open,
    check_series, check_unit,
};
use super::statics::Measure;
use crate::site::Site;

/// A counter, up-down counter or histogram that an annotated function writes; a `static` that
/// generated code declares.
#[derive(Debug)]
pub struct Extra {
    instrument: Instrument,
    most_series: usize,
}

/// What a counter can be raised by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no whole number that a counter can be raised by",
    label = "a counter rises by an unsigned number, or by one if a `bool` is true",
    note = "for a sum that can fall write `up_down`, for sizes and times `histogram`"
)]
pub trait Rise {
    /// The number.
    fn rise(self) -> u64;
}

/// What an up-down counter can be changed by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no whole number that a sum can be changed by",
    label = "an up-down counter is changed by a whole number",
    note = "for sizes and times write `histogram`"
)]
pub trait Change {
    /// The number.
    fn change(self) -> i64;
}

impl Extra {
    /// A sum that never falls.
    #[must_use]
    #[track_caller]
    pub const fn counter(site: &'static Site, name: &'static str) -> Self {
        Self::new(site, name, Kind::Counter(Number::Int))
    }

    /// A sum that rises and falls.
    #[must_use]
    #[track_caller]
    pub const fn up_down(site: &'static Site, name: &'static str) -> Self {
        Self::new(site, name, Kind::UpDownCounter(Number::Int))
    }

    /// How values are distributed.
    #[must_use]
    #[track_caller]
    pub const fn histogram(site: &'static Site, name: &'static str) -> Self {
        Self::new(site, name, Kind::ExponentialHistogram)
    }

    #[track_caller]
    const fn new(site: &'static Site, name: &'static str, kind: Kind) -> Self {
        check_name(name);
        let instrument = Instrument::new(Spec {
            calls: Some(CallSpec {
                site,
                endings: None,
            }),
            ..Spec::one(name, kind)
        });
        Self {
            instrument,
            most_series: MOST_SERIES,
        }
    }

    /// The same, divided by labels.
    #[must_use]
    pub const fn labels(mut self, keys: &'static [&'static str], shape: LabelShape) -> Self {
        check_keys(keys, shape.width);
        check_series(shape.series, self.most_series);
        let spec = self.instrument.spec_mut();
        spec.keys = keys;
        spec.describe = shape.describe;
        spec.series = shape.series;
        self
    }

    /// The same, with labels whose values are known at compile time that may make so many series;
    /// before the labels.
    #[must_use]
    pub const fn max_series(mut self, most: usize) -> Self {
        self.most_series = most;
        self
    }

    /// The same, divided by open labels, too, whose values are kept there; after the others.
    #[must_use]
    pub const fn open(
        mut self,
        keys: &'static [&'static str],
        interner: &'static Interner,
    ) -> Self {
        self.instrument.share(keys, interner);
        let spec = self.instrument.spec();
        check_open(keys.len(), spec.series, spec.places);
        self
    }

    /// The same, in this unit.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        check_unit(unit);
        self.instrument.spec_mut().unit = unit;
        self
    }

    /// The same, saying what it is about.
    #[must_use]
    pub const fn description(mut self, description: &'static str) -> Self {
        self.instrument.spec_mut().description = description;
        self
    }

    /// The same histogram, counting between these boundaries.
    #[must_use]
    pub const fn buckets(mut self, boundaries: &'static [f64]) -> Self {
        check_boundaries(boundaries);
        self.instrument.spec_mut().kind = Kind::Histogram(boundaries);
        self
    }

    /// Raises a counter.
    #[inline]
    pub fn raise(&'static self, series: Series, by: impl Rise) {
        self.instrument.raise_int_to(series, by.rise());
    }

    /// Changes an up-down counter.
    #[inline]
    pub fn change(&'static self, series: Series, by: impl Change) {
        self.instrument
            .add_int_to(series, by.change().cast_unsigned());
    }

    /// Counts a value of a histogram.
    #[inline]
    pub fn record(&'static self, series: Series, value: impl Measure) {
        self.instrument.record_to(series, value.value());
    }
}

/// Puts it on the program's list; generated code has the loader call it.
pub extern "C" fn register_extra(extra: &'static Extra) {
    extra.instrument.register();
}

macro_rules! whole {
    ($of:ident $verb:ident $as:ty: $($number:ty),+) => {$(
        impl $of for $number {
            #[inline]
            fn $verb(self) -> $as {
                self as $as
            }
        }
    )+};
}

whole!(Rise rise u64: bool, u8, u16, u32, u64, usize);
whole!(Change change i64: bool, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);
