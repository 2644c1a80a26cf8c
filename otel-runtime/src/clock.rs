//! Time as the caller's thread can afford to read it, and what it means on the wall.
//!
//! A span stores raw ticks: one instruction where the processor has a constant
//! counter, the operating system's monotonic clock elsewhere. The collector
//! turns ticks into Unix nanoseconds, holding the rate against the monotonic
//! clock and the offset against the wall clock, so that a drifting or adjusted
//! wall clock moves later spans and never makes a span end before it started.

mod calibration;
mod moment;
mod rate;
mod ticks;
mod wall;

pub(crate) use calibration::Calibration;
pub(crate) use moment::{at_unix_ns, moment_of, told_unix_ns};
pub(crate) use rate::{is_known as rate_is_known, seconds_per_tick};
pub(crate) use ticks::{choose_source, counter, counter_ticks, ticks};
pub(crate) use wall::unix_ns;
