//! The instruments that one writes down as a `static`.

use std::marker::PhantomData;
use std::time::Duration;

use super::instrument::Instrument;
use super::labels::Labels;
use super::spec::{
    Kind, MOST_SERIES, Number, Spec, check_boundaries, check_keys, check_name, check_open,
    check_series, check_unit,
};

/// A number that can be added up: `u64`, `i64` or `f64`.
pub trait Amount: Copy + sealed::Amount {}

/// A value of a histogram: any number, or a [`Duration`], which counts in seconds.
pub trait Measure {
    /// The value.
    fn value(self) -> f64;
}

/// A sum that never falls.
///
/// ```
/// use otel_runtime::metric::Counter;
/// use otel_runtime::Label;
///
/// #[derive(Clone, Copy, Label)]
/// enum Tier {
///     Free,
///     Paid,
/// }
///
/// static ORDERS: Counter<(Tier, bool)> =
///     Counter::new("shop.orders", &["tier", "gift"]).unit("{order}");
///
/// ORDERS.add(1, (Tier::Paid, false));
/// ```
///
/// # Cost
/// Some loads and a store to memory of the calling thread's own. The first use on a thread locks
/// and allocates. While no runtime is installed, one load.
#[derive(Debug)]
pub struct Counter<L = (), N = u64> {
    pub(super) instrument: Instrument,
    of: PhantomData<fn(L, N)>,
}

/// A sum that rises and falls.
///
/// ```
/// use otel_runtime::metric::UpDownCounter;
///
/// static OPEN: UpDownCounter = UpDownCounter::new("shop.carts.open", &[]).unit("{cart}");
///
/// OPEN.add(1, ());
/// OPEN.add(-1, ());
/// ```
///
/// Costs what a [`Counter`] costs.
#[derive(Debug)]
pub struct UpDownCounter<L = (), N = i64> {
    pub(super) instrument: Instrument,
    of: PhantomData<fn(L, N)>,
}

/// A value of which only the last one counts.
///
/// ```
/// use otel_runtime::metric::Gauge;
///
/// static HEAT: Gauge = Gauge::new("oven.temperature", &[]).unit("Cel");
///
/// HEAT.set(230.0, ());
/// ```
///
/// # Cost
/// A store to memory that all threads share.
#[derive(Debug)]
pub struct Gauge<L = (), N = f64> {
    pub(super) instrument: Instrument,
    of: PhantomData<fn(L, N)>,
}

/// How values are distributed.
///
/// The buckets are exponential and follow the values, unless [`buckets`](Self::buckets) says
/// where they are.
///
/// ```
/// use std::time::Duration;
/// use otel_runtime::metric::Histogram;
///
/// static SIZES: Histogram<bool> = Histogram::new("upload.size", &["encrypted"])
///     .unit("By")
///     .buckets(&[1024.0, 65536.0, 1048576.0]);
/// static WAITS: Histogram = Histogram::new("queue.wait", &[]).unit("s");
///
/// SIZES.record(20_000, true);
/// WAITS.record(Duration::from_millis(3), ());
/// ```
///
/// A value that is not finite, and a negative one where the buckets are exponential, is left out.
///
/// # Cost
/// As a [`Counter`], and finding the bucket.
#[derive(Debug)]
pub struct Histogram<L = ()> {
    pub(super) instrument: Instrument,
    of: PhantomData<fn(L)>,
}

/// What all of them are declared with.
macro_rules! declared {
    ($instrument:ident<L $(, $number:ident)?>, $kind:expr) => {
        impl<L: Labels $(, $number: Amount)?> $instrument<L $(, $number)?> {
            /// An instrument of this name, with one key for each label.
            ///
            /// It is on the program's list from its first use, and with
            /// [`#[metric]`](macro@crate::metric) from the start.
            ///
            /// # Panics
            /// At compile time, if the name is none by the [rules], if there are more or fewer
            /// keys than labels, or if the labels make more than 2000 series.
            ///
            /// [rules]: https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-name-syntax
            #[must_use]
            #[track_caller]
            pub const fn new(name: &'static str, keys: &'static [&'static str]) -> Self {
                check_name(name);
                check_keys(keys, L::WIDTH);
                check_open(L::OPEN, L::COUNT, L::PLACES);
                check_series(L::COUNT, MOST_SERIES);
                Self {
                    instrument: Instrument::new(Spec {
                        keys,
                        series: L::COUNT,
                        places: if L::OPEN == 0 { 0 } else { L::PLACES },
                        describe: L::describe,
                        ..Spec::one(name, $kind)
                    }),
                    of: PhantomData,
                }
            }

            /// Gives the unit, in [UCUM]: `s`, `By`, `{order}`.
            ///
            /// # Panics
            /// At compile time, if it is longer than 63 characters or not visible ASCII.
            ///
            /// [UCUM]: https://ucum.org
            #[must_use]
            pub const fn unit(mut self, unit: &'static str) -> Self {
                check_unit(unit);
                self.instrument.spec_mut().unit = unit;
                self
            }

            /// Says what it is about.
            #[must_use]
            pub const fn description(mut self, description: &'static str) -> Self {
                self.instrument.spec_mut().description = description;
                self
            }

            /// Names the package that declares it, the instrumentation scope:
            /// `.scope(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))`.
            #[must_use]
            pub const fn scope(mut self, package: &'static str, version: &'static str) -> Self {
                self.instrument.spec_mut().package = package;
                self.instrument.spec_mut().version = version;
                self
            }

            /// The instrument without its types.
            #[must_use]
            pub const fn instrument(&self) -> &Instrument {
                &self.instrument
            }

            /// True while values are counted, that is, while a runtime is installed: to be asked
            /// before a value that costs something is found out. One load.
            #[inline]
            #[must_use]
            pub fn is_on(&'static self) -> bool {
                self.instrument.is_wanted()
            }
        }
    };
}

declared!(Counter<L, N>, Kind::Counter(N::NUMBER));
declared!(UpDownCounter<L, N>, Kind::UpDownCounter(N::NUMBER));
declared!(Gauge<L, N>, Kind::Gauge(N::NUMBER));
declared!(Histogram<L>, Kind::ExponentialHistogram);

/// How sums are added to, by the number of the series or by its place.
macro_rules! summed {
    ($instrument:ident: $int:ident, $double:ident) => {
        impl<L: Labels, N> $instrument<L, N> {
            #[inline(always)]
            fn add_int(&'static self, by: u64, labels: &L::Given<'_>) {
                if L::OPEN == 0 {
                    self.instrument.$int(L::index(labels), by);
                } else {
                    let series = self.instrument.series::<L>(labels);
                    self.instrument.add_open_int(series, by);
                }
            }

            #[inline(always)]
            fn add_double(&'static self, by: f64, labels: &L::Given<'_>) {
                if L::OPEN == 0 {
                    self.instrument.$double(L::index(labels), by);
                } else {
                    let series = self.instrument.series::<L>(labels);
                    self.instrument.add_open_double(series, by);
                }
            }
        }
    };
}

summed!(Counter: raise_int, raise_double);
summed!(UpDownCounter: add_int, add_double);

impl<L: Labels> Counter<L, u64> {
    /// Adds to the series of these labels.
    #[inline]
    pub fn add(&'static self, by: u64, labels: L::Given<'_>) {
        self.add_int(by, &labels);
    }
}

impl<L: Labels> Counter<L, f64> {
    /// Adds to the series of these labels; a number below zero, or none at all, is left out.
    #[inline]
    pub fn add(&'static self, by: f64, labels: L::Given<'_>) {
        if by >= 0.0 && by.is_finite() {
            self.add_double(by, &labels);
        }
    }
}

impl<L: Labels> UpDownCounter<L, i64> {
    /// Adds to the series of these labels.
    #[inline]
    pub fn add(&'static self, by: i64, labels: L::Given<'_>) {
        self.add_int(by.cast_unsigned(), &labels);
    }
}

impl<L: Labels> UpDownCounter<L, f64> {
    /// Adds to the series of these labels; a number that is not finite is left out.
    #[inline]
    pub fn add(&'static self, by: f64, labels: L::Given<'_>) {
        if by.is_finite() {
            self.add_double(by, &labels);
        }
    }
}

impl<L: Labels, N: Amount> Gauge<L, N> {
    /// Sets the value of the series of these labels.
    #[inline]
    pub fn set(&'static self, value: N, labels: L::Given<'_>) {
        if L::OPEN == 0 {
            self.instrument.set(L::index(&labels), value.bits());
        } else {
            let series = self.instrument.series::<L>(&labels);
            self.instrument.change_open(series, |_| value.bits());
        }
    }

    /// Adds to the value, which is zero if it has not been set. Costs more than
    /// [`set`](Self::set): threads that do this at the same time wait for each other.
    pub fn add(&'static self, by: N, labels: L::Given<'_>) {
        let change = |bits| N::from_bits(bits).plus(by).bits();
        if L::OPEN == 0 {
            self.instrument.change(L::index(&labels), change);
        } else {
            let series = self.instrument.series::<L>(&labels);
            self.instrument.change_open(series, change);
        }
    }
}

impl<L: Labels> Histogram<L> {
    /// Counts between these boundaries. A value that equals one belongs to the bucket below it.
    ///
    /// # Panics
    /// At compile time, if they do not rise or one is not finite.
    #[must_use]
    pub const fn buckets(mut self, boundaries: &'static [f64]) -> Self {
        check_boundaries(boundaries);
        self.instrument.spec_mut().kind = Kind::Histogram(boundaries);
        self
    }

    /// Counts a value in the series of these labels.
    #[inline]
    pub fn record(&'static self, value: impl Measure, labels: L::Given<'_>) {
        if L::OPEN == 0 {
            self.instrument.record(L::index(&labels), value.value());
        } else {
            let series = self.instrument.series::<L>(&labels);
            self.instrument
                .record_open(series, series.index(), value.value());
        }
    }
}

mod sealed {
    use super::Number;

    /// What the instruments need to know of a number.
    pub trait Amount: Sized {
        const NUMBER: Number;

        fn bits(self) -> u64;
        fn from_bits(bits: u64) -> Self;
        fn plus(self, other: Self) -> Self;
    }

    impl Amount for u64 {
        const NUMBER: Number = Number::Int;

        fn bits(self) -> u64 {
            self
        }

        fn from_bits(bits: u64) -> Self {
            bits
        }

        fn plus(self, other: Self) -> Self {
            self.wrapping_add(other)
        }
    }

    impl Amount for i64 {
        const NUMBER: Number = Number::Int;

        fn bits(self) -> u64 {
            self.cast_unsigned()
        }

        fn from_bits(bits: u64) -> Self {
            bits.cast_signed()
        }

        fn plus(self, other: Self) -> Self {
            self.wrapping_add(other)
        }
    }

    impl Amount for f64 {
        const NUMBER: Number = Number::Double;

        fn bits(self) -> u64 {
            self.to_bits()
        }

        fn from_bits(bits: u64) -> Self {
            Self::from_bits(bits)
        }

        fn plus(self, other: Self) -> Self {
            self + other
        }
    }
}

impl Amount for u64 {}
impl Amount for i64 {}
impl Amount for f64 {}

macro_rules! measure {
    ($($number:ty),+) => {$(
        impl Measure for $number {
            #[inline]
            fn value(self) -> f64 {
                self as f64
            }
        }
    )+};
}

measure!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64);

impl Measure for Duration {
    #[inline]
    fn value(self) -> f64 {
        self.as_secs_f64()
    }
}
