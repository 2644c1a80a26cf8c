//! Labels whose values are known at compile time.

/// A value out of a set that is known at compile time: what a metric is divided by.
///
/// `#[derive(Label)]` writes this for an enum without fields; `bool` is a label as well. A metric
/// has a place for each value, or each combination of several labels, found by computing an index:
/// nothing is hashed, looked up or allocated, and how many series there can be is known from the
/// type. [`Labels`](crate::metric::Labels) are what a metric can have.
///
/// ```
/// use otel_runtime::Label;
///
/// #[derive(Clone, Copy, Label)]
/// enum Tier {
///     Free,
///     Paid,
/// }
///
/// assert_eq!(Tier::COUNT, 2);
/// assert_eq!(Tier::Paid.index(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no label: nobody knows how many values it has",
    label = "a label is an enum with `#[derive(Label)]`, a `bool`, or an `Option` or a tuple of labels",
    note = "each value is a series that is kept and exported; where there can be any number of them, the metric needs a cap, beyond which values share one series",
    note = "with a cap write `Open<100>` as the type of the label, and in `#[metered]` `open(value, max = 100)`",
    note = "where there are few values, map them to an enum"
)]
pub trait Label {
    /// How many attributes it makes.
    const WIDTH: usize;

    /// How many values it can have.
    const COUNT: usize;

    /// The number of this value, below [`COUNT`](Self::COUNT).
    fn index(&self) -> usize;

    /// Says what each of the attributes of value `index` is, [`WIDTH`](Self::WIDTH) times.
    fn describe(index: usize, say: &mut dyn FnMut(LabelValue));
}

/// What one attribute of a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LabelValue {
    /// There is no such attribute.
    Missing,
    /// A truth value.
    Bool(bool),
    /// A text.
    Str(&'static str),
    /// The next one of the open values.
    Open,
}

/// No label: one series.
impl Label for () {
    const WIDTH: usize = 0;
    const COUNT: usize = 1;

    #[inline]
    fn index(&self) -> usize {
        0
    }

    fn describe(_: usize, _: &mut dyn FnMut(LabelValue)) {}
}

impl Label for bool {
    const WIDTH: usize = 1;
    const COUNT: usize = 2;

    #[inline]
    fn index(&self) -> usize {
        usize::from(*self)
    }

    fn describe(index: usize, say: &mut dyn FnMut(LabelValue)) {
        say(LabelValue::Bool(index != 0));
    }
}

impl<L: Label + ?Sized> Label for &L {
    const WIDTH: usize = L::WIDTH;
    const COUNT: usize = L::COUNT;

    #[inline]
    fn index(&self) -> usize {
        (**self).index()
    }

    fn describe(index: usize, say: &mut dyn FnMut(LabelValue)) {
        L::describe(index, say);
    }
}
