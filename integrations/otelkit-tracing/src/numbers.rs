//! Numbers for spans, where nobody else gives them any.
//!
//! A number belongs to a span that is open, or to the thread that closed the last span of that
//! number, or to nobody any more: so none is given twice at a time. A thread gives those first that
//! it got back last, whose places in a [table](crate::table) are near.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// Set in all of them: no address is as high, so that they can stand beside addresses.
const MARK: u64 = 1 << 63;

/// How many a thread takes at once.
const AT_ONCE: u64 = 1024;

/// How many a thread keeps; further ones are given to nobody any more.
const MOST_KEPT: usize = 16;

static NEXT: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static OWN: Own = const { Own::new() };
}

/// The numbers of a thread.
struct Own {
    fresh: Cell<u64>,
    fresh_end: Cell<u64>,
    kept: [Cell<u64>; MOST_KEPT],
    kept_count: Cell<usize>,
}

/// A number that no open span has; never zero.
#[inline]
pub(crate) fn take() -> u64 {
    OWN.with(|own| {
        let count = own.kept_count.get();
        match own.kept.get(count.wrapping_sub(1)) {
            Some(number) => {
                own.kept_count.set(count - 1);
                number.get()
            }
            None => own.fresh(),
        }
    })
}

/// Gives the number of a span back that is open no more.
#[inline]
pub(crate) fn give_back(number: u64) {
    OWN.with(|own| {
        let count = own.kept_count.get();
        if let Some(place) = own.kept.get(count) {
            place.set(number);
            own.kept_count.set(count + 1);
        }
    });
}

impl Own {
    const fn new() -> Self {
        Self {
            fresh: Cell::new(0),
            fresh_end: Cell::new(0),
            kept: [const { Cell::new(0) }; MOST_KEPT],
            kept_count: Cell::new(0),
        }
    }

    fn fresh(&self) -> u64 {
        let mut number = self.fresh.get();
        if number == self.fresh_end.get() {
            number = NEXT.fetch_add(AT_ONCE, Ordering::Relaxed);
            self.fresh_end.set(number + AT_ONCE);
        }
        self.fresh.set(number + 1);
        number | MARK
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::thread;

    use super::*;

    #[test]
    fn no_two_open_spans_have_the_same_number() {
        let rounds = if cfg!(miri) { 2 } else { 100 };
        let numbers_of_a_thread = || {
            let mut open = Vec::new();
            for round in 0..rounds {
                open.extend((0..3 * MOST_KEPT).map(|_| take()));
                open.drain(..round % (2 * MOST_KEPT)).for_each(give_back);
            }
            open
        };
        let all: Vec<u64> = thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(numbers_of_a_thread));
            let open = threads.into_iter().map(|thread| thread.join().unwrap());
            open.flatten().collect()
        });
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert!(!all.contains(&0));
    }

    #[test]
    fn the_number_that_came_back_last_is_given_first() {
        let (first, second) = (take(), take());
        give_back(first);
        give_back(second);
        assert_eq!((take(), take()), (second, first));
    }
}
