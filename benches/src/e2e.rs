//! From the annotated function to a receiver in another process.
//!
//! Traces of eleven spans, made by one thread, at a fixed rate or as fast as
//! it goes, exported over OTLP/gRPC. What arrived is for the sink to say.

use std::time::{Duration, Instant};

use crate::Library;
use crate::process::{cpu, memory};

/// The pause between two bursts at a fixed rate: short enough that a burst
/// at 100,000 spans a second fits every library's buffers, long enough that
/// waking up is not what is measured.
const TICK: Duration = Duration::from_millis(5);

const SPANS_PER_TRACE: u64 = 11;

/// Runs the load and prints one line.
///
/// # Errors
/// If an argument is wrong.
pub fn run<L: Library>(rate: &str, seconds: &str, endpoint: &str) -> Result<(), String> {
    let rate: u64 = rate
        .parse()
        .map_err(|error| format!("rate `{rate}`: {error}"))?;
    let seconds: f64 = seconds
        .parse()
        .map_err(|error| format!("seconds `{seconds}`: {error}"))?;
    let duration = Duration::from_secs_f64(seconds);

    let memory_before = memory("VmRSS:")?;
    let library = L::install_otlp(endpoint);
    // Connections, threads and first pages are not what a span costs.
    library.trace11();
    library.flush();

    let cpu_before = cpu();
    let start = Instant::now();
    let traces = match rate {
        0 => flat_out(&library, start, duration),
        rate => at_rate(&library, start, duration, rate),
    };
    let load = start.elapsed();
    library.shutdown();
    let total = start.elapsed();
    let cpu = cpu() - cpu_before;
    let memory_peak = memory("VmHWM:")?;
    println!(
        "offered={} warm_up={SPANS_PER_TRACE} load_seconds={:.4} total_seconds={:.4} cpu_ns={} peak_bytes={}",
        traces * SPANS_PER_TRACE,
        load.as_secs_f64(),
        total.as_secs_f64(),
        cpu.as_nanos(),
        memory_peak.saturating_sub(memory_before),
    );
    Ok(())
}

fn flat_out<L: Library>(library: &L, start: Instant, duration: Duration) -> u64 {
    let mut traces = 0;
    while start.elapsed() < duration {
        for _ in 0..32 {
            library.trace11();
        }
        traces += 32;
    }
    traces
}

fn at_rate<L: Library>(library: &L, start: Instant, duration: Duration, rate: u64) -> u64 {
    let mut traces = 0;
    let mut tick = 0;
    loop {
        let elapsed = start.elapsed();
        if elapsed >= duration {
            return traces;
        }
        let due = (elapsed.as_secs_f64() * rate as f64) as u64 / SPANS_PER_TRACE;
        while traces < due {
            library.trace11();
            traces += 1;
        }
        tick += 1;
        std::thread::sleep((TICK * tick).saturating_sub(start.elapsed()));
    }
}
