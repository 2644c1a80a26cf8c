//! The labels of a `static` that only the compiler knows the types of.

use std::marker::PhantomData;

use super::known::Known;
use super::label::LabelValue;
use super::labels::{Labels, Values};
use super::open::Series;

/// How many series labels make, and what each is: what remains of their types.
#[derive(Clone, Copy, Debug)]
pub struct LabelShape {
    pub(super) series: usize,
    pub(super) width: usize,
    pub(super) describe: fn(usize, &mut dyn FnMut(LabelValue)),
}

impl LabelShape {
    /// Of this type.
    #[must_use]
    pub const fn new<L: Labels>() -> Self {
        Self {
            series: L::COUNT,
            width: L::WIDTH,
            describe: L::describe,
        }
    }

    /// Of the type that this closure returns. It is never called.
    ///
    /// Its only argument is a tuple. A trait for closures of any number of arguments would not let
    /// them return what is borrowed from an argument.
    #[must_use]
    pub const fn of<F, A, L>(_: &F) -> Self
    where
        F: Fn(A) -> L,
        L: Labels,
    {
        Self::new::<L>()
    }
}

/// The type of a label without its value, which need not be copied then; there is none at run time.
#[derive(Debug)]
pub struct LabelKind<L: ?Sized>(PhantomData<fn() -> Box<L>>);

impl<L: Labels + ?Sized> Labels for LabelKind<L> {
    const WIDTH: usize = L::WIDTH;
    const COUNT: usize = L::COUNT;
    const OPEN: usize = L::OPEN;
    const PLACES: usize = L::PLACES;
    const SERIES: usize = L::SERIES;

    type Given<'a> = ();

    fn index((): &()) -> usize {
        0
    }

    fn values<'a>((): &(), _: &mut Values<'a>) {}

    fn describe(index: usize, say: &mut dyn FnMut(LabelValue)) {
        L::describe(index, say);
    }
}

/// The type of this label.
pub fn kind_of<L: ?Sized>(_: &L) -> LabelKind<L> {
    LabelKind(PhantomData)
}

/// The series of labels that are all known.
#[inline(always)]
pub fn labels_index<L: Known>(labels: &L) -> Series {
    Series::known(labels.number())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Customer<'a> {
        is_paying: bool,
        _name: &'a str,
    }

    #[test]
    fn a_closure_tells_the_shape_of_what_it_returns() {
        static ONE: LabelShape =
            LabelShape::of(&|(customer,): (&Customer<'_>,)| (kind_of(&customer.is_paying),));
        static NONE: LabelShape = LabelShape::of(&|(): ()| ());
        static MANY: LabelShape =
            LabelShape::of(&|(a, b, _): (Option<bool>, &&str, u8)| (a, b.is_empty(), (true, true)));
        assert_eq!((ONE.series, ONE.width), (2, 1));
        assert_eq!((NONE.series, NONE.width), (1, 0));
        assert_eq!((MANY.series, MANY.width), (3 * 2 * 4, 4));
    }
}
