//! A list of `static`s that runs through the statics themselves.

use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

/// The statics of one kind, last one first.
#[derive(Debug)]
pub(crate) struct List<T> {
    /// Stored with Release, which pairs with the Acquire in [`iter`](Self::iter): who sees a
    /// static sees where the list goes on.
    head: AtomicPtr<T>,
}

/// Where the list goes on behind a static.
#[derive(Debug)]
pub(crate) struct Link<T> {
    is_listed: AtomicBool,
    /// Stored before the static becomes the head, and never again.
    next: AtomicPtr<T>,
}

/// Something that can be on a list.
pub(crate) trait Linked: Sized + 'static {
    /// Where the list goes on.
    fn link(&self) -> &Link<Self>;
}

impl<T> Link<T> {
    /// Of a static that is on no list yet.
    pub(crate) const fn new() -> Self {
        Self {
            is_listed: AtomicBool::new(false),
            next: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// True from the moment that somebody puts it on the list.
    pub(crate) fn is_listed(&self) -> bool {
        self.is_listed.load(Ordering::Relaxed)
    }
}

impl<T: Linked> List<T> {
    pub(crate) const fn new() -> Self {
        Self {
            head: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Says whether this is the first time: linkers for WebAssembly may have constructors called
    /// again, and a static may be put on its list by its first use.
    pub(crate) fn push(&self, item: &'static T) -> bool {
        let link = item.link();
        // Nothing is read because of this: only the first caller goes on, whoever that is.
        if link.is_listed.swap(true, Ordering::Relaxed) {
            return false;
        }
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            link.next.store(head, Ordering::Relaxed);
            let new = ptr::from_ref(item).cast_mut();
            // A Release is carried on by every later exchange of the same place, so that the
            // whole rest of the list is seen with its head.
            match self
                .head
                .compare_exchange_weak(head, new, Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => return true,
                Err(current) => head = current,
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static T> + use<T> {
        let first = item_at(self.head.load(Ordering::Acquire));
        std::iter::successors(first, |item: &&'static T| {
            item_at(item.link().next.load(Ordering::Relaxed))
        })
    }
}

/// The static that a pointer of a list leads to.
fn item_at<T>(pointer: *const T) -> Option<&'static T> {
    // SAFETY: `push` alone stores pointers that are not null, and makes them from `&'static T`.
    unsafe { pointer.as_ref() }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::thread;

    use super::*;

    struct Item(Link<Self>);

    impl Linked for Item {
        fn link(&self) -> &Link<Self> {
            &self.0
        }
    }

    fn leaked() -> &'static Item {
        Box::leak(Box::new(Item(Link::new())))
    }

    #[test]
    fn items_that_are_pushed_by_many_threads_at_once_are_all_listed_once() {
        let each = if cfg!(miri) { 8 } else { 500 };
        let list = List::new();
        let push_and_look = || {
            let mut pushed = Vec::new();
            for _ in 0..each {
                let item = leaked();
                list.push(item);
                pushed.push(ptr::from_ref(item).addr());
                assert!(list.iter().any(|listed| ptr::eq(listed, item)));
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
        let listed: Vec<_> = list.iter().map(|item| ptr::from_ref(item).addr()).collect();
        assert_eq!(listed.len(), 3 * each);
        assert_eq!(listed.into_iter().collect::<HashSet<_>>(), pushed);
    }

    #[test]
    fn an_item_that_is_pushed_again_stays_where_it_was() {
        let list = List::new();
        let (first, second) = (leaked(), leaked());
        let pushed = [first, second, first, second].map(|item| list.push(item));
        assert_eq!(pushed, [true, true, false, false]);
        let listed: Vec<_> = list.iter().map(ptr::from_ref).collect();
        assert_eq!(listed, [ptr::from_ref(second), ptr::from_ref(first)]);
        assert!(first.link().is_listed() && !leaked().link().is_listed());
    }
}
