//! The harness that every library is measured with.
//!
//! One binary per library implements [`Library`] and calls [`main`]; the
//! `bench` command of `xtask` starts each binary in turn, case by case, and
//! compares what they print (lines of `key=value`, see [`micro`] and [`e2e`]).

pub mod alloc;
pub mod case;
pub mod e2e;
pub mod logs;
pub mod metrics;
pub mod micro;
pub mod poll;
pub mod process;
#[cfg(feature = "requests")]
pub mod requests;
pub mod scrape;
#[cfg(feature = "service")]
pub mod service;

use std::process::ExitCode;

pub use case::{Case, Mode};
pub use micro::Clock;

/// What a binary prints whose library has nothing for a case.
pub const ABSENT: &str = "absent";

/// A library under measurement: the same functions, annotated its own way.
pub trait Library: Sync + Sized {
    /// The name in the results.
    const NAME: &'static str;

    /// Cases for which the library has nothing.
    const WITHOUT: &[Case] = &[Case::Logs10];

    /// Sets the library up as its documentation recommends for production,
    /// its batches going to something that counts and discards them.
    ///
    /// `endpoint` is a running sink, for a library that has no exporter
    /// interface below its network client.
    fn install(mode: Mode, endpoint: &str) -> Self;

    /// The same with its OTLP exporter over gRPC, without compression.
    fn install_otlp(endpoint: &str) -> Self;

    /// Calls the function of this case `calls` times under `clock`, in the
    /// context the case asks for.
    fn run(&self, case: Case, calls: u32, clock: &mut Clock);

    /// One trace: a root that calls ten annotated functions.
    fn trace11(&self);

    /// Waits until everything recorded so far has reached the exporter.
    fn flush(&self);

    /// Flushes, and ends every thread of the library.
    fn shutdown(self);

    /// Spans that have reached the discarding exporter.
    fn received(&self) -> u64;
}

/// What a library's binary does: `micro CASE`, or `e2e RATE SECONDS`.
pub fn main<L: Library>() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["micro", case, rest @ ..] => micro::run::<L>(case, rest),
        ["e2e", rate, seconds, endpoint] => e2e::run::<L>(rate, seconds, endpoint),
        _ => Err(format!(
            "usage: {} micro CASE .. | e2e RATE SECONDS ENDPOINT",
            L::NAME
        )),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}: {message}", L::NAME);
            ExitCode::FAILURE
        }
    }
}
