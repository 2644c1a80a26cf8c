//! Where the carried lie, within a bound of bytes.
//!
//! Any thread may ask, and only on behalf of work that carries something. A
//! lock is held for a look at a map; eight of them keep threads apart.
//!
//! Invariants: a number is given out once, so that what a ticket finds is what
//! it was made for. What is held is never forgotten. The bytes of each shard
//! stay within its share of the bound.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::{BITS, Carried, IS_NOTED, Ticket};

const SHARDS: usize = 8;
/// The default bound: a context of a few names and values takes some hundred bytes.
const MOST_BYTES: usize = 1 << 20;
/// How many entries are looked at for one that may be forgotten.
const MOST_LOOKS: usize = 256;

/// The next number; never zero. It goes on in a forked child, whose contexts have the tickets of its
/// parent and whose store is another one.
static NEXT: AtomicU64 = AtomicU64::new(1);

#[derive(Debug)]
pub(crate) struct Store {
    shards: [Mutex<Shard>; SHARDS],
    most_bytes: usize,
    noted_keys: RwLock<Arc<[String]>>,
}

#[derive(Debug, Default)]
struct Shard {
    entries: HashMap<u64, Entry, BuildHasherDefault<Spread>>,
    /// All of them, those that came or were asked for longest ago first.
    order: VecDeque<u64>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    carried: Arc<Carried>,
    bytes: usize,
    holders: u32,
    /// Asked for since it was last looked at.
    is_recent: bool,
}

impl Store {
    fn new(most_bytes: usize) -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            most_bytes,
            noted_keys: RwLock::default(),
        }
    }

    /// Keeps this, in place of what nobody holds and asked for longest ago; `None` if there is no
    /// room.
    pub(crate) fn keep(&self, carried: Carried) -> Option<Ticket> {
        let is_noted = carried.is_noted(&self.noted_keys());
        let bytes = carried.bytes() + size_of::<Entry>() + 2 * size_of::<u64>();
        let entry = Entry {
            carried: Arc::new(carried),
            bytes,
            holders: 0,
            is_recent: false,
        };
        // Relaxed: a number, which orders nothing.
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        if number >> (BITS - 1) != 0 {
            return None;
        }
        let most_bytes = self.most_bytes / SHARDS;
        let mut forgotten = Vec::new();
        let mut shard = self.shard(number);
        let has_room = shard.make_room(bytes, most_bytes, &mut forgotten);
        if has_room {
            shard.bytes += bytes;
            shard.order.push_back(number);
            shard.entries.insert(number, entry);
        }
        // In this order: texts are freed while nobody waits.
        drop(shard);
        drop(forgotten);
        has_room.then_some(Ticket(number << 1 | if is_noted { IS_NOTED } else { 0 }))
    }

    /// What the ticket is for, unless it has been forgotten.
    pub(crate) fn find(&self, ticket: Ticket) -> Option<Arc<Carried>> {
        let number = number(ticket);
        let mut shard = self.shard(number);
        let entry = shard.entries.get_mut(&number)?;
        entry.is_recent = true;
        Some(Arc::clone(&entry.carried))
    }

    /// Holds it until it is [released](Self::release) as often; false if it has been forgotten.
    pub(crate) fn hold(&self, ticket: Ticket) -> bool {
        let number = number(ticket);
        let mut shard = self.shard(number);
        let Some(entry) = shard.entries.get_mut(&number) else {
            return false;
        };
        entry.holders += 1;
        true
    }

    /// Holds it no more.
    pub(crate) fn release(&self, ticket: Ticket) {
        let number = number(ticket);
        let mut shard = self.shard(number);
        if let Some(entry) = shard.entries.get_mut(&number) {
            entry.holders = entry.holders.saturating_sub(1);
            entry.is_recent = true;
        }
    }

    /// The keys of baggage that spans say.
    pub(crate) fn noted_keys(&self) -> Arc<[String]> {
        let keys = self.noted_keys.read();
        Arc::clone(&keys.unwrap_or_else(PoisonError::into_inner))
    }

    /// Spans say these keys of what is kept from now on.
    pub(crate) fn set_noted_keys(&self, keys: Arc<[String]>) {
        let known = self.noted_keys.write();
        *known.unwrap_or_else(PoisonError::into_inner) = keys;
    }

    fn shard(&self, number: u64) -> MutexGuard<'_, Shard> {
        let shard = &self.shards[number as usize % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new(MOST_BYTES)
    }
}

impl Shard {
    /// Forgets what it may until there is room for so many bytes; says whether there is.
    fn make_room(&mut self, bytes: usize, most_bytes: usize, forgotten: &mut Vec<Entry>) -> bool {
        for _ in 0..MOST_LOOKS {
            if self.bytes + bytes <= most_bytes {
                return true;
            }
            let Some(number) = self.order.pop_front() else {
                return false;
            };
            let Some(entry) = self.entries.get_mut(&number) else {
                continue;
            };
            if entry.holders > 0 || entry.is_recent {
                entry.is_recent = false;
                self.order.push_back(number);
            } else if let Some(entry) = self.entries.remove(&number) {
                self.bytes -= entry.bytes;
                forgotten.push(entry);
            }
        }
        self.bytes + bytes <= most_bytes
    }
}

const fn number(ticket: Ticket) -> u64 {
    ticket.0 >> 1
}

/// Numbers in a row, spread by a multiplication.
#[derive(Debug, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
