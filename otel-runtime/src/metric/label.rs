//! Labels whose values are known at compile time.

/// A value, or a combination of values, out of a set that is known at compile time: what a metric
/// is divided by.
///
/// `#[derive(Label)]` writes this for an enum without fields. `bool`, [`Option`] of a label and
/// tuples of labels are labels as well. A metric with such labels has one place for each
/// combination, found by computing an index: nothing is hashed, looked up or allocated, and how
/// many series there can be is known from the type.
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
/// assert_eq!(<(Tier, Option<bool>)>::COUNT, 6);
/// assert_eq!((Tier::Paid, Some(false)).index(), 4);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no label: its values are not known at compile time",
    label = "a label is an enum with `#[derive(Label)]`, a `bool`, an `Option` or a tuple of labels",
    note = "a text or number can have any value, and each would be a series of its own: map it to an enum"
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

/// `None` is a series without the attribute.
impl<L: Label> Label for Option<L> {
    const WIDTH: usize = L::WIDTH;
    const COUNT: usize = L::COUNT + 1;

    #[inline]
    fn index(&self) -> usize {
        self.as_ref().map_or(0, |label| label.index() + 1)
    }

    fn describe(index: usize, say: &mut dyn FnMut(LabelValue)) {
        match index.checked_sub(1) {
            Some(index) => L::describe(index, say),
            None => (0..L::WIDTH).for_each(|_| say(LabelValue::Missing)),
        }
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

/// The last label of a tuple changes fastest.
macro_rules! tuple {
    ($($label:ident $at:tt),+) => {
        impl<$($label: Label),+> Label for ($($label,)+) {
            const WIDTH: usize = 0 $(+ $label::WIDTH)+;
            const COUNT: usize = 1 $(* $label::COUNT)+;

            #[inline]
            fn index(&self) -> usize {
                let index = 0;
                $(let index = index * $label::COUNT + self.$at.index();)+
                index
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

#[cfg(test)]
mod tests {
    use super::*;

    fn described<L: Label>(index: usize) -> Vec<LabelValue> {
        let mut values = Vec::new();
        L::describe(index, &mut |value| values.push(value));
        values
    }

    #[test]
    fn every_index_describes_the_value_it_is_of() {
        type Labels = (bool, Option<bool>, (bool, Option<(bool, bool)>));
        const { assert!(Labels::WIDTH == 5 && Labels::COUNT == 2 * 3 * 2 * 5) };
        let mut seen = std::collections::HashSet::new();
        let options = [None, Some(false), Some(true)];
        let pairs = [false, true].map(|first| [false, true].map(|second| Some((first, second))));
        for first in [false, true] {
            for second in options {
                for third in [false, true] {
                    for last in pairs.as_flattened().iter().copied().chain([None]) {
                        let index = (first, second, (third, last)).index();
                        assert!(index < Labels::COUNT && seen.insert(index));
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
                        assert_eq!(described::<Labels>(index), expected);
                    }
                }
            }
        }
        assert_eq!(seen.len(), Labels::COUNT);
    }
}
