//! The codes an error type can have, known at compile time.

use super::kind::Class;

/// A code that an error type can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    /// `error.type`.
    pub code: &'static str,
    /// The class of errors with this code.
    pub class: Class,
}

/// All codes that an error type can have: a tree, since a variant that takes its meaning from the
/// error it wraps has that error's codes.
#[derive(Clone, Copy, Debug)]
pub enum Codes {
    /// These.
    List(&'static [Code]),
    /// All of these.
    Join(&'static [Self]),
    /// Others as well, which cannot be known.
    Open,
}

impl Codes {
    /// None at all.
    pub const NONE: Self = Self::List(&[]);

    /// How many codes are known. A code that comes twice counts twice.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::List(codes) => codes.len(),
            Self::Join(parts) => {
                let (mut sum, mut index) = (0, 0);
                while index < parts.len() {
                    sum += parts[index].len();
                    index += 1;
                }
                sum
            }
            Self::Open => 0,
        }
    }

    /// True if no code is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True if there may be codes that are not known.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self {
            Self::List(_) => false,
            Self::Join(parts) => {
                let mut index = 0;
                while index < parts.len() {
                    if parts[index].is_open() {
                        return true;
                    }
                    index += 1;
                }
                false
            }
            Self::Open => true,
        }
    }

    /// Shows every known code, always in the same order.
    pub fn for_each(&self, show: &mut dyn FnMut(&Code)) {
        match self {
            Self::List(codes) => codes.iter().for_each(show),
            Self::Join(parts) => parts.iter().for_each(|part| part.for_each(show)),
            Self::Open => {}
        }
    }

    /// Where this code stands among the known ones; the first place, if it comes twice.
    ///
    /// Costs a comparison for each known code before it.
    #[must_use]
    pub fn position(&self, code: &str, class: Class) -> Option<usize> {
        self.position_from(code, class, 0).ok()
    }

    /// The position, or how many codes there are up to here.
    fn position_from(&self, wanted: &str, class: Class, before: usize) -> Result<usize, usize> {
        match self {
            Self::List(codes) => codes
                .iter()
                .position(|known| known.code == wanted && known.class == class)
                .map(|at| before + at)
                .ok_or(before + codes.len()),
            Self::Join(parts) => {
                let mut before = before;
                for part in *parts {
                    match part.position_from(wanted, class, before) {
                        Ok(at) => return Ok(at),
                        Err(after) => before = after,
                    }
                }
                Err(before)
            }
            Self::Open => Err(before),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn code(code: &'static str) -> Code {
        Code {
            code,
            class: Class::Internal,
        }
    }

    const INNER: Codes = Codes::List(&[code("c"), code("d")]);
    const TREE: Codes = Codes::Join(&[
        Codes::List(&[code("a"), code("b")]),
        INNER,
        Codes::Join(&[Codes::Open, Codes::List(&[code("e"), code("a")])]),
    ]);

    #[test]
    fn positions_are_those_of_the_walk() {
        let mut seen = Vec::new();
        TREE.for_each(&mut |code| seen.push(*code));
        let names: Vec<_> = seen.iter().map(|code| code.code).collect();
        assert_eq!(names, ["a", "b", "c", "d", "e", "a"]);
        assert_eq!(seen.len(), const { TREE.len() });
        for (at, code) in seen.iter().enumerate().take(5) {
            assert_eq!(TREE.position(code.code, code.class), Some(at));
        }
        assert_eq!(TREE.position("f", Class::Internal), None);
        assert_eq!(TREE.position("a", Class::NotFound), None);
    }

    #[test]
    fn one_open_part_makes_the_whole_open() {
        const { assert!(TREE.is_open() && !INNER.is_open()) };
        const { assert!(Codes::NONE.is_empty() && Codes::Open.is_empty() && !INNER.is_empty()) };
    }
}
