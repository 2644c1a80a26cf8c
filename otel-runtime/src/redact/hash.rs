//! Hashes that mean nothing without their key: [SipHash-2-4](https://www.aumasson.jp/siphash/).

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// A key of 128 bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct HashKey([u64; 2]);

/// Digits of hashes: no letters of numbers, and none that a pattern takes for anything.
const LETTERS: &[u8; 16] = b"bcdfghjkmnpqrstw";

impl HashKey {
    pub(super) fn of(bytes: [u8; 16]) -> Self {
        let bits = u128::from_le_bytes(bytes);
        Self([bits as u64, (bits >> 64) as u64])
    }

    /// One that no other process has.
    pub(super) fn random() -> Self {
        let random = RandomState::new();
        Self([random.hash_one(0_u8), random.hash_one(1_u8)])
    }

    /// Sixteen letters.
    pub(super) fn letters(&self, text: &str) -> String {
        let hash = self.hash(text.as_bytes());
        let letter = |place: u32| char::from(LETTERS[(hash >> (4 * place)) as usize % 16]);
        (0..16).map(letter).collect()
    }

    fn hash(&self, bytes: &[u8]) -> u64 {
        let [k0, k1] = self.0;
        let mut state = State([
            k0 ^ 0x736f_6d65_7073_6575,
            k1 ^ 0x646f_7261_6e64_6f6d,
            k0 ^ 0x6c79_6765_6e65_7261,
            k1 ^ 0x7465_6462_7974_6573,
        ]);
        let mut chunks = bytes.chunks_exact(8);
        for chunk in chunks.by_ref() {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            state.take(u64::from_le_bytes(word));
        }
        let mut last = [0; 8];
        last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
        last[7] = bytes.len() as u8;
        state.take(u64::from_le_bytes(last));
        state.0[2] ^= 0xff;
        (0..4).for_each(|_| state.round());
        state.0.iter().fold(0, |hash, word| hash ^ word)
    }
}

struct State([u64; 4]);

impl State {
    fn take(&mut self, word: u64) {
        self.0[3] ^= word;
        self.round();
        self.round();
        self.0[0] ^= word;
    }

    fn round(&mut self) {
        let [v0, v1, v2, v3] = &mut self.0;
        *v0 = v0.wrapping_add(*v1);
        *v1 = v1.rotate_left(13) ^ *v0;
        *v0 = v0.rotate_left(32);
        *v2 = v2.wrapping_add(*v3);
        *v3 = v3.rotate_left(16) ^ *v2;
        *v0 = v0.wrapping_add(*v3);
        *v3 = v3.rotate_left(21) ^ *v0;
        *v2 = v2.wrapping_add(*v1);
        *v1 = v1.rotate_left(17) ^ *v2;
        *v2 = v2.rotate_left(32);
    }
}

impl std::fmt::Debug for HashKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(crate::value::secret::REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_reference() {
        let mut key = [0; 16];
        (0..16).for_each(|at| key[at] = at as u8);
        let key = HashKey::of(key);
        let input: Vec<u8> = (0..15).collect();
        assert_eq!(key.hash(&input), 0xa129_ca61_49be_45e5);
        assert_eq!(key.hash(&[]), 0x726f_db47_dd0e_0e31);
        assert_eq!(key.letters("a").len(), 16);
    }

    #[test]
    fn another_key_gives_another_hash() {
        let hashes = [HashKey::random(), HashKey::random(), HashKey::of([7; 16])];
        let texts = hashes.map(|key| key.letters("ada@example.com"));
        assert!(texts[0] != texts[1] && texts[1] != texts[2]);
    }
}
