//! The numbers of values whose labels are all known, learnt from the values themselves.

use super::label::Label;

/// Values of labels that are all known: what generated code has of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no label: nobody knows how many values it has",
    label = "a label is an enum with `#[derive(Label)]`, a `bool`, or an `Option` or a tuple of labels",
    note = "for a text or a number write `open(value, max = 100)`: each value is a series that is kept and exported, so there must be a cap, beyond which values share one series"
)]
pub trait Known {
    /// How many combinations there are.
    const COUNT: usize;

    /// The number of this one.
    fn number(&self) -> usize;
}

impl<L: Label> Known for L {
    const COUNT: usize = L::COUNT;

    #[inline]
    fn number(&self) -> usize {
        self.index()
    }
}

impl<K: Known> Known for Option<K> {
    const COUNT: usize = K::COUNT + 1;

    #[inline]
    fn number(&self) -> usize {
        self.as_ref().map_or(0, |label| label.number() + 1)
    }
}

impl<K: Known> Known for &Option<K> {
    const COUNT: usize = Option::<K>::COUNT;

    #[inline]
    fn number(&self) -> usize {
        (**self).number()
    }
}

macro_rules! tuple {
    ($($label:ident $at:tt),+) => {
        impl<$($label: Known),+> Known for ($($label,)+) {
            const COUNT: usize = 1_usize $(.saturating_mul($label::COUNT))+;

            #[inline]
            fn number(&self) -> usize {
                let number = 0;
                $(let number = number * $label::COUNT + self.$at.number();)+
                number
            }
        }

        impl<$($label: Known),+> Known for &($($label,)+) {
            const COUNT: usize = <($($label,)+)>::COUNT;

            #[inline]
            fn number(&self) -> usize {
                (**self).number()
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
