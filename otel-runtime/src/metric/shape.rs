//! The labels of a `static` that only the compiler knows the types of.

use super::label::{Label, LabelValue};

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
    pub const fn new<L: Label>() -> Self {
        Self {
            series: L::COUNT,
            width: L::WIDTH,
            describe: L::describe,
        }
    }

    /// Of the type that this closure returns. It is never called.
    #[must_use]
    pub const fn of<F, A, L>(_: &F) -> Self
    where
        F: Labelling<A, L>,
        L: Label,
    {
        Self::new::<L>()
    }
}

/// A closure from arguments `A` to labels `L`.
pub trait Labelling<A, L> {}

macro_rules! labelling {
    ($($argument:ident)*) => {
        impl<Closure, Labels, $($argument),*> Labelling<($($argument,)*), Labels> for Closure
        where
            Closure: Fn($($argument),*) -> Labels,
        {
        }
    };
}

labelling!();
labelling!(A);
labelling!(A B);
labelling!(A B C);
labelling!(A B C D);
labelling!(A B C D E);
labelling!(A B C D E F);
labelling!(A B C D E F G);
labelling!(A B C D E F G H);
labelling!(A B C D E F G H I);
labelling!(A B C D E F G H I J);
labelling!(A B C D E F G H I J K);
labelling!(A B C D E F G H I J K M);

/// The number of these labels.
#[inline(always)]
pub fn labels_index<L: Label>(labels: &L) -> usize {
    labels.index()
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
        static ONE: LabelShape = LabelShape::of(&|customer: &Customer<'_>| (customer.is_paying,));
        static NONE: LabelShape = LabelShape::of(&|| ());
        static MANY: LabelShape =
            LabelShape::of(&|a: Option<bool>, b: &&str, _: u8| (a, b.is_empty(), (true, true)));
        assert_eq!((ONE.series, ONE.width), (2, 1));
        assert_eq!((NONE.series, NONE.width), (1, 0));
        assert_eq!((MANY.series, MANY.width), (3 * 2 * 4, 4));
    }
}
