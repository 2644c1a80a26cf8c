//! Every Site of the program, known before `main`.
//!
//! The loader of the operating system calls a function for each Site when it loads the program,
//! or a library later; the function puts the Site on a list that runs through the Sites
//! themselves. Nothing is ever taken off: a library with Sites is not to be unloaded.

use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use super::{DIAL_BUSY, DIAL_CALLS, DIAL_OFF, DIAL_SPANS, Level, Site, SiteSpec};

static SITES: List = List::new();

/// Every Site of the program and of the libraries it has loaded so far, whether or not its
/// place ever ran.
pub fn sites() -> impl Iterator<Item = &'static Site> {
    SITES.iter()
}

/// Puts a Site on the program's list; generated code has the loader call it.
///
/// With the C ABI because it cannot unwind: its callers then need no landing pad. Out of line,
/// so that the code of each Site is one call.
#[inline(never)]
pub extern "C" fn register(site: &'static Site) {
    SITES.push(site);
}

/// The Sites, last one first.
#[derive(Debug)]
struct List {
    /// Stored with Release, which pairs with the Acquire in [`iter`](Self::iter): who sees a Site
    /// sees where the list goes on.
    head: AtomicPtr<Site>,
}

/// Where the list goes on behind a Site.
#[derive(Debug)]
pub(super) struct Link {
    is_listed: AtomicBool,
    /// Stored before the Site becomes the head, and never again.
    next: AtomicPtr<Site>,
}

impl Link {
    pub(super) const fn new() -> Self {
        Self {
            is_listed: AtomicBool::new(false),
            next: AtomicPtr::new(ptr::null_mut()),
        }
    }
}

impl List {
    const fn new() -> Self {
        Self {
            head: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Does nothing the second time: linkers for WebAssembly may have constructors called again.
    fn push(&self, site: &'static Site) {
        // Nothing is read because of this: only the first caller goes on, whoever that is.
        if site.link.is_listed.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            site.link.next.store(head, Ordering::Relaxed);
            let new = ptr::from_ref(site).cast_mut();
            // A Release is carried on by every later exchange of the same place, so that the
            // whole rest of the list is seen with its head.
            match self
                .head
                .compare_exchange_weak(head, new, Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => return,
                Err(current) => head = current,
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = &'static Site> + use<> {
        let first = site_at(self.head.load(Ordering::Acquire));
        std::iter::successors(first, |site| {
            site_at(site.link.next.load(Ordering::Relaxed))
        })
    }
}

/// The Site that a pointer of the list leads to.
#[allow(unsafe_code)]
fn site_at(pointer: *const Site) -> Option<&'static Site> {
    // SAFETY: `push` alone stores pointers that are not null, and makes them from `&'static Site`.
    unsafe { pointer.as_ref() }
}

/// How the dials of all Sites stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dials {
    /// Sites down to this level are on.
    pub(crate) level: Level,
    /// All Sites measure the busy time, not only those that ask for it.
    pub(crate) busy: bool,
}

impl Dials {
    /// How the dial of such a Site stands.
    fn of(self, spec: &SiteSpec) -> u8 {
        let mut dial = DIAL_OFF;
        if spec.traced && spec.level <= self.level {
            dial |= DIAL_SPANS;
            if self.busy || spec.busy {
                dial |= DIAL_BUSY;
            }
        }
        if spec.metered {
            dial |= DIAL_CALLS;
        }
        dial
    }
}

/// Sets the dials of all Sites; all off for `None`.
///
/// Neither allocates nor locks: a fork handler may call it.
pub(crate) fn set_dials(dials: Option<Dials>) {
    for site in sites() {
        let dial = dials.map_or(DIAL_OFF, |dials| dials.of(site.spec()));
        // Nothing is ordered by the dial: a span more or less at the switch is no error.
        site.dial.store(dial, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::thread;

    use super::*;
    use crate::site::SiteSpec;

    fn leaked() -> &'static Site {
        Box::leak(Box::new(Site::new(SiteSpec::new(
            "site", "module", "package", "0.0.0", "file", 1, 1,
        ))))
    }

    #[test]
    fn sites_that_are_pushed_by_many_threads_at_once_are_all_listed_once() {
        let each = if cfg!(miri) { 8 } else { 500 };
        let list = List::new();
        let push_and_look = || {
            let mut pushed = Vec::new();
            for _ in 0..each {
                let site = leaked();
                list.push(site);
                pushed.push(ptr::from_ref(site).addr());
                assert!(list.iter().any(|listed| ptr::eq(listed, site)));
            }
            pushed
        };
        let pushed: HashSet<_> = thread::scope(|scope| {
            let threads = [(); 3].map(|()| scope.spawn(push_and_look));
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap())
                .collect()
        });
        let listed: Vec<_> = list.iter().map(|site| ptr::from_ref(site).addr()).collect();
        assert_eq!(listed.len(), 3 * each);
        assert_eq!(listed.into_iter().collect::<HashSet<_>>(), pushed);
    }

    #[test]
    fn a_site_that_is_pushed_again_stays_where_it_was() {
        let list = List::new();
        let (first, second) = (leaked(), leaked());
        for site in [first, second, first, second] {
            list.push(site);
        }
        let listed: Vec<_> = list.iter().map(ptr::from_ref).collect();
        assert_eq!(listed, [ptr::from_ref(second), ptr::from_ref(first)]);
    }
}
