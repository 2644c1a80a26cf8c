//! What Linux says in `/proc/self`.

use std::fs;
use std::time::Duration;

use super::Reading;
use super::usage::constant;

/// The number of each field behind the name of the program, as `proc(5)` counts from 1.
const THREADS: usize = 20;
const STARTED: usize = 22;
const FIRST_BEHIND_NAME: usize = 3;

pub(super) fn read(reading: &mut Reading) {
    if let Some((virtual_pages, pages)) = memory()
        && let Some(page_bytes) = constant(libc::_SC_PAGESIZE)
    {
        reading.virtual_bytes = Some(virtual_pages * page_bytes);
        reading.memory_bytes = Some(pages * page_bytes);
    }
    if let Ok(stat) = fs::read_to_string("/proc/self/stat") {
        reading.threads = field(&stat, THREADS);
        reading.uptime = field(&stat, STARTED).and_then(uptime);
    }
    // One of them is the one that is open for counting.
    reading.file_descriptors = fs::read_dir("/proc/self/fd")
        .ok()
        .map(|open| (open.count() as u64).saturating_sub(1));
}

/// Pages of virtual memory, and those that are there.
fn memory() -> Option<(u64, u64)> {
    let text = fs::read_to_string("/proc/self/statm").ok()?;
    let mut pages = text.split_ascii_whitespace().map(str::parse);
    Some((pages.next()?.ok()?, pages.next()?.ok()?))
}

/// A field of `/proc/self/stat`. The name of the program may hold anything, parentheses too.
fn field(stat: &str, number: usize) -> Option<u64> {
    let (_, behind_name) = stat.rsplit_once(')')?;
    let mut fields = behind_name.split_ascii_whitespace();
    fields.nth(number - FIRST_BEHIND_NAME)?.parse().ok()
}

/// How long ago the process started, so many ticks after the system.
fn uptime(started_ticks: u64) -> Option<Duration> {
    let ticks_per_second = constant(libc::_SC_CLK_TCK)?;
    let text = fs::read_to_string("/proc/uptime").ok()?;
    let system: f64 = text.split_ascii_whitespace().next()?.parse().ok()?;
    let process = system - started_ticks as f64 / ticks_per_second as f64;
    Duration::try_from_secs_f64(process.max(0.0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_may_be_called_anything() {
        let stat = "7 (a) b (c)) R 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20";
        assert_eq!(field(stat, 4), Some(1));
        assert_eq!(field(stat, THREADS), Some(17));
        assert_eq!(field(stat, STARTED), Some(19));
        assert_eq!(field(stat, 60), None);
        assert_eq!(field("", THREADS), None);
    }
}
