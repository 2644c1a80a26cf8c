//! A name for this run of the program that no other run has.

use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Read};
use std::time::SystemTime;

/// A random (version 4) UUID, as `service.instance.id` asks for.
pub(super) fn random_id() -> String {
    let mut bytes = random_bytes();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for half in [byte >> 4, byte & 0x0f] {
            text.push(char::from_digit(half.into(), 16).unwrap_or('0'));
        }
    }
    text
}

fn random_bytes() -> [u8; 16] {
    device_bytes().unwrap_or_else(|_| seeded_bytes())
}

fn device_bytes() -> io::Result<[u8; 16]> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Where there is no such device: the standard library seeds its hash maps
/// from the system's source of randomness. A forked child would inherit that
/// seed, so the process and the time are mixed in.
fn seeded_bytes() -> [u8; 16] {
    let half = || {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u32(std::process::id());
        if let Ok(now) = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
            hasher.write_u128(now.as_nanos());
        }
        hasher.finish().to_ne_bytes()
    };
    let (low, high) = (half(), half());
    std::array::from_fn(|index| {
        if index < 8 {
            low[index]
        } else {
            high[index - 8]
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_id_is_a_version_4_uuid() {
        let id = random_id();
        assert_eq!(id.len(), 36);
        let dashes: Vec<_> = id.match_indices('-').map(|(at, _)| at).collect();
        assert_eq!(dashes, [8, 13, 18, 23]);
        assert_eq!(&id[14..15], "4");
        assert!("89ab".contains(&id[19..20]));
    }

    #[test]
    fn no_two_instance_ids_are_the_same() {
        assert_ne!(random_id(), random_id());
        assert_ne!(seeded_bytes(), seeded_bytes());
    }
}
