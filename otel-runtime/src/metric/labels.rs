//! What a metric is divided by: labels whose values are known, open ones, and tuples of both.

use std::ffi::OsStr;
use std::marker::PhantomData;

use super::label::{Label, LabelValue};
use super::open::Value;

/// What a metric is divided by: a [`Label`], an [`Open`] one, an [`Option`] or a tuple of them, or
/// nothing.
///
/// ```
/// use otel_runtime::metric::{Counter, Labels, Open};
///
/// static ORDERS: Counter<(bool, Open<100>)> = Counter::new("shop.orders", &["gift", "tenant"]);
///
/// ORDERS.add(1, (true, "acme"));
/// assert_eq!(<(bool, Option<bool>, Open<100>)>::SERIES, 600);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no label: nobody knows how many values it has",
    label = "a label is an enum with `#[derive(Label)]`, a `bool`, `Open<100>`, or an `Option` or a tuple of labels",
    note = "each value is a series that is kept and exported; where there can be any number of them, the metric needs a cap, beyond which values share one series: write `Open<100>`, and in `#[metered]` `open(value, max = 100)`"
)]
pub trait Labels {
    /// How many attributes they make.
    const WIDTH: usize;

    /// How many combinations there are of the values that are known.
    const COUNT: usize;

    /// How many of them are open.
    const OPEN: usize;

    /// How many combinations there can be of the open ones; 1 if there are none.
    const PLACES: usize;

    /// How many series there can be.
    const SERIES: usize;

    /// What is given for them.
    type Given<'a>;

    /// The number of the known values, below [`COUNT`](Self::COUNT).
    fn index(given: &Self::Given<'_>) -> usize;

    /// The open values.
    fn values<'a>(given: &Self::Given<'a>, values: &mut Values<'a>);

    /// Says what each of the attributes is, [`WIDTH`](Self::WIDTH) times; of an open one, that it is
    /// open.
    fn describe(index: usize, say: &mut dyn FnMut(LabelValue));
}

const MOST_OPEN: usize = 6;

/// The open values of a series.
#[derive(Debug)]
pub struct Values<'a> {
    values: [Value<'a>; MOST_OPEN],
    length: usize,
}

/// A label that can have any value, of which `MAX` are told apart; all others share a series with
/// the attribute `otel.metric.overflow`, as the [specification] says.
///
/// A series appears with its first value, and disappears when it has not been used for
/// [a while](crate::Config::forget_series_after). What is given for it is a `&str`, or what `T`
/// says: a number, or a text of the operating system.
///
/// ```
/// use otel_runtime::metric::{Histogram, Open};
///
/// static SIZES: Histogram<Open<50>> = Histogram::new("upload.size", &["tenant"]).unit("By");
/// static WAITS: Histogram<(Open<8, u64>, Option<Open<50>>)> =
///     Histogram::new("queue.wait", &["shard", "tenant"]).unit("s");
///
/// SIZES.record(20_000, "acme");
/// WAITS.record(0.25, (3, Some("acme")));
/// ```
///
/// Of several open labels, the combinations are told apart, as many as the product of all `MAX`.
///
/// # Cost
/// A hash of the value and a comparison with the one that is kept; a value that comes for the first
/// time locks and allocates, one beyond `MAX` does not. The place of a value takes about 100 bytes,
/// and each thread that counts there as many cells as there are combinations of the other labels.
///
/// [specification]: https://opentelemetry.io/docs/specs/otel/metrics/sdk/#overflow-attribute
#[derive(Debug)]
pub struct Open<const MAX: usize, T: ?Sized = str>(PhantomData<fn(&T)>);

/// What can be given for an [`Open`] label.
pub trait OpenLabel {
    /// How it is given.
    type Given<'a>: Copy + Into<Value<'a>>;
}

impl<'a> Values<'a> {
    /// The most open labels of a metric.
    pub const MOST: usize = MOST_OPEN;

    /// None yet.
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self {
            values: [const { Value::Missing }; Self::MOST],
            length: 0,
        }
    }

    /// One more; a seventh is left out.
    #[inline]
    pub fn push(&mut self, value: Value<'a>) {
        if let Some(place) = self.values.get_mut(self.length) {
            *place = value;
            self.length += 1;
        }
    }

    /// All of them.
    #[inline]
    #[must_use]
    pub fn all(&self) -> &[Value<'a>] {
        &self.values[..self.length]
    }
}

impl Default for Values<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: Label> Labels for L {
    const WIDTH: usize = L::WIDTH;
    const COUNT: usize = L::COUNT;
    const OPEN: usize = 0;
    const PLACES: usize = 1;
    const SERIES: usize = L::COUNT;

    type Given<'a> = L;

    #[inline]
    fn index(given: &L) -> usize {
        given.index()
    }

    #[inline]
    fn values<'a>(_: &L, _: &mut Values<'a>) {}

    fn describe(index: usize, say: &mut dyn FnMut(LabelValue)) {
        L::describe(index, say);
    }
}

impl<const MAX: usize, T: OpenLabel + ?Sized> Labels for Open<MAX, T> {
    const WIDTH: usize = 1;
    const COUNT: usize = 1;
    const OPEN: usize = 1;
    const PLACES: usize = {
        assert!(MAX > 0, "an open label has one value at least: `Open<100>`");
        MAX
    };
    const SERIES: usize = Self::PLACES;

    type Given<'a> = T::Given<'a>;

    #[inline]
    fn index(_: &T::Given<'_>) -> usize {
        0
    }

    #[inline]
    fn values<'a>(given: &T::Given<'a>, values: &mut Values<'a>) {
        values.push((*given).into());
    }

    fn describe(_: usize, say: &mut dyn FnMut(LabelValue)) {
        say(LabelValue::Open);
    }
}

/// `None` is a series without the attribute.
impl<L: Labels> Labels for Option<L> {
    const WIDTH: usize = L::WIDTH;
    const COUNT: usize = L::COUNT + 1;
    const OPEN: usize = L::OPEN;
    /// There is no combination for `None` where nothing is open.
    const PLACES: usize = L::PLACES.saturating_add((L::OPEN > 0) as usize);
    const SERIES: usize = L::SERIES.saturating_add(1);

    type Given<'a> = Option<L::Given<'a>>;

    #[inline]
    fn index(given: &Self::Given<'_>) -> usize {
        given.as_ref().map_or(0, |given| L::index(given) + 1)
    }

    #[inline]
    fn values<'a>(given: &Self::Given<'a>, values: &mut Values<'a>) {
        match given {
            Some(given) => L::values(given, values),
            None => (0..L::OPEN).for_each(|_| values.push(Value::Missing)),
        }
    }

    fn describe(index: usize, say: &mut dyn FnMut(LabelValue)) {
        match index.checked_sub(1) {
            Some(index) => L::describe(index, say),
            None => L::describe(0, &mut |value| {
                say(match value {
                    LabelValue::Open => LabelValue::Open,
                    _ => LabelValue::Missing,
                });
            }),
        }
    }
}

/// The last label of a tuple changes fastest.
macro_rules! tuple {
    ($($label:ident $at:tt),+) => {
        impl<$($label: Labels),+> Labels for ($($label,)+) {
            const WIDTH: usize = 0 $(+ $label::WIDTH)+;
            const COUNT: usize = 1_usize $(.saturating_mul($label::COUNT))+;
            const OPEN: usize = 0 $(+ $label::OPEN)+;
            const PLACES: usize = 1_usize $(.saturating_mul($label::PLACES))+;
            const SERIES: usize = 1_usize $(.saturating_mul($label::SERIES))+;

            type Given<'a> = ($($label::Given<'a>,)+);

            #[inline]
            fn index(given: &Self::Given<'_>) -> usize {
                let index = 0;
                $(let index = index * $label::COUNT + $label::index(&given.$at);)+
                index
            }

            #[inline]
            fn values<'a>(given: &Self::Given<'a>, values: &mut Values<'a>) {
                $($label::values(&given.$at, values);)+
            }

            fn describe(index: usize, say: &mut dyn FnMut(LabelValue)) {
                let rest = Self::COUNT;
                $(
                    let rest = rest / $label::COUNT;
                    $label::describe(index / rest % $label::COUNT, say);
                )+
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);

impl OpenLabel for str {
    type Given<'a> = &'a str;
}

/// Wrong parts are replaced by U+FFFD, which allocates if there are any.
impl OpenLabel for OsStr {
    type Given<'a> = &'a OsStr;
}

macro_rules! whole {
    ($($number:ty),+) => {$(
        impl OpenLabel for $number {
            type Given<'a> = $number;
        }
    )+};
}

whole!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

#[cfg(test)]
mod tests {
    use super::super::known::Known;
    use super::*;

    fn described<L: Labels>(index: usize) -> Vec<LabelValue> {
        let mut values = Vec::new();
        L::describe(index, &mut |value| values.push(value));
        values
    }

    #[test]
    fn every_index_describes_the_value_it_is_of() {
        type Nested = (bool, Option<bool>, (bool, Option<(bool, bool)>));
        const { assert!(Nested::WIDTH == 5 && <Nested as Labels>::COUNT == 2 * 3 * 2 * 5) };
        let mut seen = std::collections::HashSet::new();
        let options = [None, Some(false), Some(true)];
        let pairs = [false, true].map(|first| [false, true].map(|second| Some((first, second))));
        for first in [false, true] {
            for second in options {
                for third in [false, true] {
                    for last in pairs.as_flattened().iter().copied().chain([None]) {
                        let given = (first, second, (third, last));
                        let index = Nested::index(&given);
                        assert_eq!(given.number(), index);
                        assert!(index < Nested::SERIES && seen.insert(index));
                        let optional = |value: Option<bool>| {
                            value.map_or(LabelValue::Missing, LabelValue::Bool)
                        };
                        let expected = [
                            LabelValue::Bool(first),
                            optional(second),
                            LabelValue::Bool(third),
                            optional(last.map(|pair| pair.0)),
                            optional(last.map(|pair| pair.1)),
                        ];
                        assert_eq!(described::<Nested>(index), expected);
                    }
                }
            }
        }
        assert_eq!(seen.len(), Nested::SERIES);
    }

    #[test]
    fn open_labels_are_values_beside_the_number_of_the_known_ones() {
        type Mixed = (bool, Option<(Open<3, u8>, bool)>, Open<5>);
        const { assert!(Mixed::WIDTH == 4 && Mixed::OPEN == 2 && Mixed::PLACES == 4 * 5) };
        const { assert!(<Mixed as Labels>::COUNT == 2 * 3 && Mixed::SERIES == 2 * (3 * 2 + 1) * 5) };
        let values = |given: <Mixed as Labels>::Given<'static>| {
            let mut values = Values::new();
            Mixed::values(&given, &mut values);
            (Mixed::index(&given), values.all().to_vec())
        };
        let acme = || Value::from("acme");
        assert_eq!(
            values((true, Some((7, true)), "acme")),
            (5, vec![Value::Int(7), acme()])
        );
        assert_eq!(
            values((false, None, "acme")),
            (0, vec![Value::Missing, acme()])
        );
        let missing = LabelValue::Missing;
        let is = LabelValue::Bool;
        let open = LabelValue::Open;
        assert_eq!(described::<Mixed>(5), [is(true), open, is(true), open]);
        assert_eq!(described::<Mixed>(0), [is(false), open, missing, open]);
    }
}
