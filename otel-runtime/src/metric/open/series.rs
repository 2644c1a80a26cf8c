//! Which series a value belongs to, in one word.

use super::stamp::Generation;
use super::table::Place;

/// The series of one combination of labels, to be given to the instruments that have them.
///
/// Where all values are known it is a number. Otherwise it also says which place the open values
/// have, and for whom: a place can be somebody else's when a long call is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Series(u64);

const INDEX_BITS: u32 = 12;
const PLACE_BITS: u32 = 20;

/// The most combinations of known labels beside open ones.
pub(crate) const MOST_COMBINATIONS: usize = 1 << INDEX_BITS;
/// The most combinations of open labels.
pub(crate) const MOST_PLACES: usize = 1 << PLACE_BITS;

impl Series {
    /// Of what found no place.
    pub(crate) const OVERFLOW: Self =
        Self((Generation::OVERFLOW.0 as u64) << (INDEX_BITS + PLACE_BITS));

    /// The only one of an instrument without labels.
    pub const ONLY: Self = Self(0);

    /// Of labels whose values are all known.
    #[inline(always)]
    #[must_use]
    pub const fn known(index: usize) -> Self {
        Self(index as u64)
    }

    /// Of known labels and the place of open ones.
    #[inline(always)]
    pub(crate) const fn open(index: usize, place: Place) -> Self {
        let place_and_index = (place.number as u64) << INDEX_BITS | index as u64;
        Self((place.generation.0 as u64) << (INDEX_BITS + PLACE_BITS) | place_and_index)
    }

    /// True if it says a place.
    #[inline(always)]
    pub(crate) const fn is_open(self) -> bool {
        self.0 >> (INDEX_BITS + PLACE_BITS) != 0
    }

    #[inline(always)]
    pub(crate) const fn is_overflow(self) -> bool {
        self.0 == Self::OVERFLOW.0
    }

    /// The number of a combination of known labels, where there are no others.
    #[inline(always)]
    pub(crate) const fn number(self) -> usize {
        self.0 as usize
    }

    /// The number of the combination of known labels, where there are others.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize & (MOST_COMBINATIONS - 1)
    }

    pub(crate) const fn place(self) -> Place {
        Place {
            number: (self.0 >> INDEX_BITS) as u32 & (MOST_PLACES as u32 - 1),
            generation: Generation((self.0 >> (INDEX_BITS + PLACE_BITS)) as u32),
        }
    }
}
