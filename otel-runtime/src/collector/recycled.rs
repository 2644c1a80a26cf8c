//! Allocations that are used for one span after the other.

/// The same allocation, emptied, for things of another lifetime.
pub(super) fn recycled<T, U>(mut list: Vec<T>) -> Vec<U> {
    const { assert!(size_of::<T>() == size_of::<U>() && align_of::<T>() == align_of::<U>()) };
    list.clear();
    list.into_iter()
        .map(|_| unreachable!("the list is empty"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_allocation_stays() {
        let mut list: Vec<&str> = Vec::with_capacity(100);
        list.push("a");
        let place = list.as_ptr().addr();
        let again: Vec<&'static str> = recycled(list);
        assert_eq!((again.len(), again.capacity()), (0, 100));
        assert_eq!(again.as_ptr().addr(), place);
    }
}
