//! Further instruments of a metered function.

use std::panic::Location;

use super::call::CallSpec;
use super::instrument::Instrument;
use super::shape::LabelShape;
use super::spec::{Kind, Number, Spec, check_boundaries, check_labels, check_name, check_unit};
use super::statics::Measure;
use crate::site::Site;

/// A counter, up-down counter or histogram that an annotated function writes; a `static` that
/// generated code declares.
#[derive(Debug)]
pub struct Extra(Instrument);

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
        Self(Instrument::new(Spec {
            name,
            unit: "",
            description: "",
            kind,
            keys: &[],
            series: 1,
            describe: |_, _| {},
            package: "",
            version: "",
            place: Location::caller(),
            calls: Some(CallSpec {
                site,
                endings: None,
            }),
        }))
    }

    /// The same, divided by labels.
    #[must_use]
    pub const fn labels(mut self, keys: &'static [&'static str], shape: LabelShape) -> Self {
        check_labels(keys, shape.width, shape.series);
        let spec = self.0.spec_mut();
        spec.keys = keys;
        spec.describe = shape.describe;
        spec.series = shape.series;
        self
    }

    /// The same, in this unit.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        check_unit(unit);
        self.0.spec_mut().unit = unit;
        self
    }

    /// The same, saying what it is about.
    #[must_use]
    pub const fn description(mut self, description: &'static str) -> Self {
        self.0.spec_mut().description = description;
        self
    }

    /// The same histogram, counting between these boundaries.
    #[must_use]
    pub const fn buckets(mut self, boundaries: &'static [f64]) -> Self {
        check_boundaries(boundaries);
        self.0.spec_mut().kind = Kind::Histogram(boundaries);
        self
    }

    /// Raises a counter.
    #[inline]
    pub fn raise(&'static self, labels: usize, by: impl Rise) {
        self.0.raise_int(labels, by.rise());
    }

    /// Changes an up-down counter.
    #[inline]
    pub fn change(&'static self, labels: usize, by: impl Change) {
        self.0.add_int(labels, by.change().cast_unsigned());
    }

    /// Counts a value of a histogram.
    #[inline]
    pub fn record(&'static self, labels: usize, value: impl Measure) {
        self.0.record(labels, value.value());
    }
}

/// Puts it on the program's list; generated code has the loader call it.
pub extern "C" fn register_extra(extra: &'static Extra) {
    extra.0.register();
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
