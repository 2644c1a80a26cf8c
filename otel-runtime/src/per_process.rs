//! A `static` that a forked child has anew.
//!
//! What other threads of the parent were doing to it at the moment of the fork
//! stays half done in the child, and a lock that they held stays locked. So the
//! child leaves it behind as it is, and makes another one when it needs one.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Made at the first use in a process, and never freed.
#[derive(Debug)]
pub(crate) struct PerProcess<T: 'static>(AtomicPtr<T>);

impl<T: Default + Sync> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// What there is, made if there is nothing yet.
    pub(crate) fn made(&self) -> &'static T {
        if let Some(there) = self.known() {
            return there;
        }
        let made: &'static T = Box::leak(Box::default());
        let mine = ptr::from_ref(made).cast_mut();
        // Pairs with the Acquire of `known`. Of two that are made at once, one is left unused.
        match self
            .0
            .compare_exchange(ptr::null_mut(), mine, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) => made,
            Err(_) => self.known().unwrap_or(made),
        }
    }

    /// What there is, if there is anything yet.
    pub(crate) fn known(&self) -> Option<&'static T> {
        // SAFETY: what was stored came from a box that is never freed.
        unsafe { self.0.load(Ordering::Acquire).as_ref() }
    }

    /// Leaves it behind, in a forked child. A fork handler may call it.
    pub(crate) fn abandon(&self) {
        self.0.store(ptr::null_mut(), Ordering::Release);
    }
}
