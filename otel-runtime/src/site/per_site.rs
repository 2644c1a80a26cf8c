//! What is kept of each Site, by its address.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ptr;

use super::Site;

/// Something of each Site, made when it is first asked for. There are no more than there are Sites.
#[derive(Debug)]
pub(crate) struct PerSite<T>(HashMap<usize, T, BuildHasherDefault<AddressHasher>>);

impl<T> PerSite<T> {
    /// What there is of this Site.
    #[inline]
    pub(crate) fn of(&mut self, site: &'static Site, make: impl FnOnce() -> T) -> &mut T {
        self.0
            .entry(ptr::from_ref(site).addr())
            .or_insert_with(make)
    }
}

impl<T> Default for PerSite<T> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

/// Nobody who chooses addresses is an enemy.
#[derive(Debug, Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        // What is low in the product depends on what is low in the address, where all are alike.
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        let address = bytes
            .iter()
            .fold(0, |all, byte| all << 8 | usize::from(*byte));
        self.write_usize(address);
    }

    fn write_usize(&mut self, address: usize) {
        self.0 ^= address as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::super::SiteSpec;
    use super::*;

    static SITES: [Site; 100] =
        [const { Site::new(SiteSpec::new("s", "m", "p", "1", "f.rs", 1, 1)) }; 100];

    #[test]
    fn each_site_has_its_own() {
        let mut numbers = PerSite::default();
        for (number, site) in SITES.iter().enumerate() {
            assert_eq!(*numbers.of(site, || number), number);
        }
        for (number, site) in SITES.iter().enumerate() {
            assert_eq!(*numbers.of(site, || usize::MAX), number);
        }
    }
}
