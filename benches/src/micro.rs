//! The cost on the caller's thread.
//!
//! A library has buffers, and a full one makes it fast: it drops. So calls
//! come in bursts that fit every library's buffers, and between two bursts,
//! outside the clock, the library is flushed. At the end the spans that
//! reached the exporter are compared with those made; what is missing is
//! printed, and the figure is then not to be trusted.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;

use otelkit_counted::allocations;

use crate::{ABSENT, Case, Library, Mode};

/// Spans of one burst: what the smallest default buffer among the libraries
/// (2,048 spans) holds with room to spare.
const BURST_SPANS: u32 = 512;

/// Measures the calls of one burst.
#[derive(Debug, Default)]
pub struct Clock {
    ns: u64,
    allocations: u64,
    warms_up: bool,
}

impl Clock {
    /// Calls `f` so often, between two looks at the clock.
    #[inline(always)]
    pub fn time<R>(&mut self, calls: u32, mut f: impl FnMut(u32) -> R) {
        if self.warms_up {
            return warm_up_loop(calls, &mut f);
        }
        let allocations_before = allocations();
        let start = Instant::now();
        timed_loop(calls, &mut f);
        self.ns = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.allocations = allocations() - allocations_before;
    }
}

/// What is measured, in a function of its own: callgrind collects while it runs.
#[inline(never)]
fn timed_loop<R>(calls: u32, f: &mut impl FnMut(u32) -> R) {
    for call in 0..calls {
        black_box(f(black_box(call)));
    }
}

/// The same, for callgrind to pass over: buffers grow and caches fill.
#[inline(never)]
fn warm_up_loop<R>(calls: u32, f: &mut impl FnMut(u32) -> R) {
    for call in 0..calls {
        black_box(f(black_box(call)));
    }
}

/// Runs one case and prints one line.
///
/// # Errors
/// If an argument is wrong.
pub fn run<L: Library>(name: &str, args: &[&str]) -> Result<(), String> {
    let (case, mode) = Case::parse(name).ok_or_else(|| format!("no case `{name}`"))?;
    if L::WITHOUT.contains(&case) {
        println!("{ABSENT}");
        return Ok(());
    }
    let mut size = Size::new(BURST_SPANS / case.units_per_call(), case.units_per_call());
    let endpoint = size.set(args)?.unwrap_or("http://127.0.0.1:4317");
    // With nothing to drain a burst may be longer, and needs to be: a call costs about nothing.
    if mode != Mode::Sampled && !args.iter().any(|arg| arg.starts_with("calls=")) {
        size.calls *= 32;
    }

    let library = L::install(mode, endpoint);
    let figures = bursts(
        &size,
        |calls, clock| library.run(case, calls, clock),
        || library.flush(),
    );
    let received = library.received();
    let around = u64::from(size.threads * (size.bursts + size.warm_up) * case.spans_around());
    let spans = size.calls_in_all() * u64::from(case.spans_per_call()) + around;
    let expected = if mode == Mode::Sampled { spans } else { 0 };

    print(figures, expected, received);
    Ok(())
}

/// The line that `xtask` reads.
pub(crate) fn print(figures: Vec<(f64, f64)>, expected: u64, received: u64) {
    let (mut ns, mut allocated): (Vec<f64>, Vec<f64>) = figures.into_iter().unzip();
    ns.sort_by(f64::total_cmp);
    allocated.sort_by(f64::total_cmp);
    println!(
        "ns_median={:.3} ns_min={:.3} allocations={:.3} expected={expected} received={received}",
        ns[ns.len() / 2],
        ns[0],
        allocated[allocated.len() / 2],
    );
}

/// How much is run.
pub(crate) struct Size {
    pub(crate) calls: u32,
    /// What one call counts as.
    pub(crate) units_per_call: u32,
    pub(crate) warm_up_calls: u32,
    pub(crate) bursts: u32,
    pub(crate) warm_up: u32,
    pub(crate) threads: u32,
}

impl Size {
    /// Bursts of so many calls, on one thread.
    pub(crate) const fn new(calls: u32, units_per_call: u32) -> Self {
        Self {
            calls,
            units_per_call,
            warm_up_calls: calls,
            bursts: 200,
            warm_up: 20,
            threads: 1,
        }
    }

    /// Takes what the arguments say of it; returns the endpoint, if they name one.
    pub(crate) fn set<'a>(&mut self, args: &[&'a str]) -> Result<Option<&'a str>, String> {
        let mut endpoint = None;
        for arg in args {
            let (key, value) = arg
                .split_once('=')
                .ok_or_else(|| format!("no value: `{arg}`"))?;
            let number = || {
                value
                    .parse::<u32>()
                    .map_err(|error| format!("`{arg}`: {error}"))
            };
            match key {
                "calls" => self.calls = number()?,
                "bursts" => self.bursts = number()?,
                "warm_up" => self.warm_up = number()?,
                "threads" => self.threads = number()?,
                "endpoint" => endpoint = Some(value),
                _ => return Err(format!("no option `{key}`")),
            }
        }
        Ok(endpoint)
    }

    /// The calls of all threads, those of the warm-up included.
    pub(crate) fn calls_in_all(&self) -> u64 {
        let bursts = u64::from(self.bursts) * u64::from(self.calls);
        let warm_up = u64::from(self.warm_up) * u64::from(self.warm_up_calls);
        u64::from(self.threads) * (bursts + warm_up)
    }
}

/// Nanoseconds and allocations per unit, of every burst of every thread. `flush` is called after
/// each burst, outside of the clock.
pub(crate) fn bursts(
    size: &Size,
    run: impl Fn(u32, &mut Clock) + Sync,
    flush: impl Fn() + Sync,
) -> Vec<(f64, f64)> {
    let units = f64::from(size.calls * size.units_per_call);
    let barrier = Barrier::new(size.threads as usize);
    let worker = |leads: bool| {
        let mut figures = Vec::with_capacity(size.bursts as usize);
        let mut clock = Clock::default();
        for burst in 0..size.warm_up + size.bursts {
            barrier.wait();
            clock.warms_up = burst < size.warm_up;
            let calls = if clock.warms_up {
                size.warm_up_calls
            } else {
                size.calls
            };
            run(calls, &mut clock);
            barrier.wait();
            if leads {
                flush();
            }
            if !clock.warms_up {
                figures.push((clock.ns as f64 / units, clock.allocations as f64 / units));
            }
        }
        figures
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..size.threads)
            .map(|_| scope.spawn(|| worker(false)))
            .collect();
        let mut figures = worker(true);
        for other in others {
            figures.extend(other.join().expect("a measured thread panicked"));
        }
        figures
    })
}
