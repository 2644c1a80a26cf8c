//! How much memory the process takes, as the system counts it.

/// The most physical memory the process has had, in KiB; 0 where the system does not tell.
#[must_use]
pub fn peak_kib() -> u64 {
    status("VmHWM:")
}

/// The physical memory the process has now, in KiB; 0 where the system does not tell.
#[must_use]
pub fn now_kib() -> u64 {
    status("VmRSS:")
}

fn status(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let number = text.lines().find_map(|line| {
        line.strip_prefix(key)?
            .trim()
            .strip_suffix(" kB")?
            .trim()
            .parse()
            .ok()
    });
    number.unwrap_or(0)
}
