//! Whom a call asks.

use std::rc::Rc;
use std::sync::{Arc, OnceLock};

/// A database: where it is, and which one there.
///
/// There are few, and they are kept for good: two with the same values are one.
///
/// ```
/// use otel_runtime::db::Target;
///
/// let target = Target::known(Some("db.example.com"), Some(5432), Some("shop")).unwrap();
/// assert_eq!(target.address(), Some("db.example.com"));
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Its place, from one.
    number: u8,
    address: Option<Box<str>>,
    port: Option<u16>,
    namespace: Option<Box<str>>,
}

/// Something through which a database is reached, and that knows which: a pool, a connection.
///
/// `#[db_query]` asks those arguments of a function that implement this. Pools of `sqlx` do, behind
/// features; implement it for a repository that holds one.
///
/// ```
/// use otel_runtime::db::{DbTarget, Target};
///
/// struct Repository {
///     target: Option<&'static Target>,
/// }
///
/// impl DbTarget for Repository {
///     fn db_target(&self) -> Option<&'static Target> {
///         self.target
///     }
/// }
///
/// let target = Target::known(Some("localhost"), None, Some("shop"));
/// assert_eq!(Repository { target }.db_target().unwrap().namespace(), Some("shop"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not know which database it reaches",
    label = "`pool` needs something that implements `otel_runtime::db::DbTarget`",
    note = "pools of `sqlx` do with the features `sqlx-postgres`, `sqlx-mysql`, `sqlx-sqlite`; otherwise write `server(address, port)`"
)]
pub trait DbTarget {
    /// The database. Called once for each call; should neither block nor allocate.
    fn db_target(&self) -> Option<&'static Target>;
}

/// So many are told apart.
const MOST: usize = u8::MAX as usize;

static KNOWN: [OnceLock<Target>; MOST] = [const { OnceLock::new() }; MOST];

/// The number of a target, or of none: a call that waits for its end keeps a byte of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TargetId(u8);

impl TargetId {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn of(target: &'static Target) -> Self {
        Self(target.number)
    }

    /// What it is the number of.
    pub(crate) fn target(self) -> Option<&'static Target> {
        let at = usize::from(self.0).checked_sub(1)?;
        KNOWN.get(at).and_then(OnceLock::get)
    }
}

impl Target {
    /// The database at `server.address` and `server.port` with this `db.namespace`, as far as that
    /// is known; `None` if nothing is, and if there are more than 255 of them.
    ///
    /// Costs a comparison for each that is known; allocates for a new one.
    #[must_use]
    pub fn known(
        address: Option<&str>,
        port: Option<u16>,
        namespace: Option<&str>,
    ) -> Option<&'static Self> {
        if address.is_none() && port.is_none() && namespace.is_none() {
            return None;
        }
        for (at, slot) in KNOWN.iter().enumerate() {
            let known = slot.get_or_init(|| Self {
                number: at as u8 + 1,
                address: address.map(Box::from),
                port,
                namespace: namespace.map(Box::from),
            });
            if known.port == port
                && known.address.as_deref() == address
                && known.namespace.as_deref() == namespace
            {
                return Some(known);
            }
        }
        None
    }

    /// `server.address`.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// `server.port`.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// `db.namespace`.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }
}

macro_rules! through {
    ($($pointer:ty),+) => {$(
        impl<T: DbTarget + ?Sized> DbTarget for $pointer {
            #[inline]
            fn db_target(&self) -> Option<&'static Target> {
                (**self).db_target()
            }
        }
    )+};
}

through!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

impl<T: DbTarget> DbTarget for Option<T> {
    fn db_target(&self) -> Option<&'static Target> {
        self.as_ref().and_then(DbTarget::db_target)
    }
}

impl DbTarget for &'static Target {
    fn db_target(&self) -> Option<&'static Target> {
        Some(self)
    }
}

/// Whether an argument knows the database: generated code asks without knowing the type.
pub mod probe {
    use super::{DbTarget, Target};

    /// An argument, to be asked.
    #[derive(Debug)]
    pub struct Probe<'a, T: ?Sized>(pub &'a T);

    /// What generated code brings into scope: the methods, and no name.
    pub mod traits {
        pub use super::{AnyTarget as _, TargetByTrait as _};
    }

    #[doc(hidden)]
    pub trait TargetByTrait {
        fn target(&self) -> Option<&'static Target>;
    }

    impl<T: DbTarget + ?Sized> TargetByTrait for &Probe<'_, T> {
        #[inline]
        fn target(&self) -> Option<&'static Target> {
            self.0.db_target()
        }
    }

    #[doc(hidden)]
    pub trait AnyTarget {
        fn target(&self) -> Option<&'static Target>;
    }

    impl<T: ?Sized> AnyTarget for Probe<'_, T> {
        #[inline]
        fn target(&self) -> Option<&'static Target> {
            None
        }
    }

    /// What the annotation names must know it.
    #[inline]
    pub fn of(target: impl DbTarget) -> Option<&'static Target> {
        target.db_target()
    }

    /// An address or namespace that the annotation says.
    #[inline]
    pub fn text(text: &(impl AsRef<str> + ?Sized)) -> Option<&str> {
        Some(text.as_ref())
    }

    /// A database of which the annotation says more.
    pub fn with(
        asked: Option<&'static Target>,
        address: Option<&str>,
        port: Option<u16>,
        namespace: Option<&str>,
    ) -> Option<&'static Target> {
        Target::known(
            address.or_else(|| asked.and_then(Target::address)),
            port.or_else(|| asked.and_then(Target::port)),
            namespace.or_else(|| asked.and_then(Target::namespace)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::probe::Probe;
    use super::probe::traits::*;
    use super::*;

    #[test]
    fn targets_with_the_same_values_are_one() {
        let known = |port| Target::known(Some("targets.test"), port, None).unwrap();
        assert!(std::ptr::eq(known(Some(1)), known(Some(1))));
        assert!(!std::ptr::eq(known(Some(1)), known(None)));
        assert_eq!(Target::known(None, None, None), None);
    }

    #[test]
    #[allow(clippy::needless_borrow, reason = "as generated code writes it")]
    fn an_argument_is_asked_if_it_can_tell() {
        let target = Target::known(None, None, Some("asked")).unwrap();
        assert_eq!((&&Probe(&target)).target(), Some(target));
        assert_eq!((&&Probe(&&Some(target))).target(), Some(target));
        assert_eq!((&&Probe("text")).target(), None);
    }
}
