//! Levels of the `log` crate as severities, and back.

use log::{Level, LevelFilter};
use otel_runtime::log::Severity;

pub(crate) const fn of(level: Level) -> Severity {
    match level {
        Level::Error => Severity::ERROR,
        Level::Warn => Severity::WARN,
        Level::Info => Severity::INFO,
        Level::Debug => Severity::DEBUG,
        Level::Trace => Severity::TRACE,
    }
}

/// The levels of which something can be heard if this is the least severity that can.
pub(crate) fn heard_from(least: Option<Severity>) -> LevelFilter {
    let Some(least) = least else {
        return LevelFilter::Off;
    };
    let heard = |level: &Level| of(*level) >= least;
    let most = Level::iter().filter(heard).max();
    most.map_or(LevelFilter::Off, |level| level.to_level_filter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_let_through_if_its_severity_is_heard() {
        for (least, expected) in [
            (None, LevelFilter::Off),
            (Some(Severity::FATAL), LevelFilter::Off),
            (Some(Severity::ERROR), LevelFilter::Error),
            (Severity::from_number(14), LevelFilter::Error),
            (Some(Severity::WARN), LevelFilter::Warn),
            (Severity::from_number(6), LevelFilter::Info),
            (Some(Severity::DEBUG), LevelFilter::Debug),
            (Some(Severity::TRACE), LevelFilter::Trace),
        ] {
            assert_eq!(heard_from(least), expected, "{least:?}");
        }
    }
}
