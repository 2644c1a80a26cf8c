//! What a scrape costs: every series read and written out, as a Prometheus asks for it.
//!
//! Counters with three labels of ten values each, a thousand series a family.
//! What goes over the network afterwards is the same for everybody, and left
//! out.

use std::hint::black_box;
use std::time::Instant;

use crate::ABSENT;
use crate::process::memory;

/// Series of one family.
pub const SERIES: u32 = 1000;

/// The values of each of the three labels.
pub const VALUES: [&str; 10] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// The labels' names.
pub const KEYS: [&str; 3] = ["region", "route", "tenant"];

/// How often is scraped.
const SCRAPES: usize = 21;

/// A library whose numbers can be scraped.
pub trait Scrape: Sized {
    /// Counts once in every series of so many families, of at most a hundred.
    fn fill(families: u32) -> Self;

    /// Everything in the text format of Prometheus or OpenMetrics.
    fn scrape(&self) -> Vec<u8>;
}

/// The places of the three values of every series of a family.
pub fn series() -> impl Iterator<Item = [usize; 3]> {
    (0..SERIES as usize).map(|index| [index / 100, index / 10 % 10, index % 10])
}

/// The name of a family.
#[must_use]
pub fn family(index: u32) -> String {
    format!("shop_requests_{index}")
}

/// Scrapes so many series and prints one line.
///
/// # Errors
/// If the number is none, or series are missing in the answer.
pub fn run<S: Scrape>(wanted: &str) -> Result<(), String> {
    let wanted: u32 = wanted
        .parse()
        .map_err(|error| format!("series `{wanted}`: {error}"))?;
    let before = memory("VmRSS:")?;
    let library = S::fill(wanted / SERIES);
    let filled = memory("VmRSS:")?;
    let text = library.scrape();
    let samples = text.split(|byte| *byte == b'\n');
    let samples = samples.filter(|line| line.starts_with(b"shop")).count();
    if samples < wanted as usize {
        return Err(format!("{samples} samples of {wanted} series"));
    }
    let bytes = text.len();
    drop(text);
    let mut ns: Vec<u128> = (0..SCRAPES)
        .map(|_| {
            let start = Instant::now();
            black_box(library.scrape());
            start.elapsed().as_nanos()
        })
        .collect();
    ns.sort_unstable();
    println!(
        "ns_median={} ns_min={} bytes={bytes} store_bytes={} peak_bytes={}",
        ns[SCRAPES / 2],
        ns[0],
        filled.saturating_sub(before),
        memory("VmHWM:")?.saturating_sub(before),
    );
    Ok(())
}

/// For a library that has nothing to scrape.
///
/// # Errors
/// None.
pub fn none(_: &str) -> Result<(), String> {
    println!("{ABSENT}");
    Ok(())
}
