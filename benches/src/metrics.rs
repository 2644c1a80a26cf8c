//! The cost of counting on the caller's thread.
//!
//! One binary per library implements [`Metrics`] and calls [`main`]. What was
//! counted is compared with the calls there were: a lost count is no fast one.

use std::process::ExitCode;

use crate::Clock;
use crate::micro::{Size, bursts, print};

/// A measured situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// A counter with two labels of known values.
    Counter,
    /// A histogram with a label of known values, given a value that is there already.
    Histogram,
    /// A function whose calls are counted and timed.
    Function,
    /// The same with a span, under a live root.
    Both,
}

/// A library under measurement.
pub trait Metrics: Sync + Sized {
    /// The name in the results.
    const NAME: &'static str;

    /// Sets the library up as its documentation recommends for production, nobody asking for the
    /// numbers. `None` if it has nothing for this case.
    fn install(case: Case) -> Option<Self>;

    /// Counts `calls` times under `clock`.
    fn run(&self, case: Case, calls: u32, clock: &mut Clock);

    /// Waits until nothing is in a buffer.
    fn flush(&self);

    /// How often was counted.
    fn counted(&self, case: Case) -> u64;
}

/// The boundaries of a histogram of seconds, for a library whose users choose them: those that
/// Prometheus' own libraries take by default.
pub const SECONDS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// The labels: a plan and whether something is a gift. They vary from call to call.
#[must_use]
pub const fn labels(call: u32) -> (Plan, bool) {
    (
        match call % 3 {
            0 => Plan::Free,
            1 => Plan::Team,
            _ => Plan::Enterprise,
        },
        call.is_multiple_of(2),
    )
}

/// A value for a histogram of seconds: some ten milliseconds.
#[must_use]
pub fn seconds(call: u32) -> f64 {
    0.01 + f64::from(call % 64) * 1e-4
}

/// A label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plan {
    /// Pays nothing.
    Free,
    /// Pays a little.
    Team,
    /// Pays.
    Enterprise,
}

impl Plan {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Team => "team",
            Self::Enterprise => "enterprise",
        }
    }
}

/// A flag as a label.
#[must_use]
pub const fn yes_or_no(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

/// How often was counted, as a scrape tells it: the sum of the samples of this name.
#[must_use]
pub fn total(scrape: &str, name: &str) -> u64 {
    let samples = scrape.lines().filter(|line| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(['{', ' ']))
    });
    samples
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum::<f64>() as u64
}

/// What a library's binary does: `micro CASE`, or `scrape SERIES`.
pub fn main<L: Metrics>(scrape: fn(&str) -> Result<(), String>) -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["micro", case, rest @ ..] => measure::<L>(case, rest),
        ["scrape", series] => scrape(series),
        _ => Err("usage: micro CASE .. | scrape SERIES".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}: {message}", L::NAME);
            ExitCode::FAILURE
        }
    }
}

fn measure<L: Metrics>(name: &str, args: &[&str]) -> Result<(), String> {
    let case = match name {
        "counter" => Case::Counter,
        "histogram" => Case::Histogram,
        "function" => Case::Function,
        "both" => Case::Both,
        _ => return Err(format!("no case `{name}`")),
    };
    // Spans have to fit into buffers.
    let calls = if case == Case::Both { 512 } else { 16_384 };
    let mut size = Size::new(calls, 1);
    size.warm_up_calls = 512;
    size.set(args)?;
    let Some(library) = L::install(case) else {
        println!("{}", crate::ABSENT);
        return Ok(());
    };
    let figures = bursts(
        &size,
        |calls, clock| library.run(case, calls, clock),
        || library.flush(),
    );
    print(figures, size.calls_in_all(), library.counted(case));
    Ok(())
}
