//! `OTEL_LOG_LEVEL`: how much OtelKit tells of itself.

use super::vars::{Choice, Reader};
use crate::site::Level;

/// Up to which level something is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LogLevel {
    #[default]
    Unset,
    Silent,
    UpTo(Level),
}

/// The specification names the variable and its default, but no values: these are what its
/// configuration files and its other implementations understand.
pub(super) fn read(reader: &mut Reader<'_>) -> LogLevel {
    let Some(setting) = reader.setting("OTEL_LOG_LEVEL") else {
        return LogLevel::Unset;
    };
    let choices = [
        Choice::Offered("none", LogLevel::Silent),
        // nothing that is told here is fatal
        Choice::Offered("fatal", LogLevel::Silent),
        Choice::Offered("error", LogLevel::UpTo(Level::Error)),
        Choice::Offered("warn", LogLevel::UpTo(Level::Warn)),
        Choice::Offered("info", LogLevel::UpTo(Level::Info)),
        Choice::Offered("debug", LogLevel::UpTo(Level::Debug)),
        Choice::Offered("trace", LogLevel::UpTo(Level::Trace)),
        Choice::Offered("verbose", LogLevel::UpTo(Level::Trace)),
        Choice::Offered("all", LogLevel::UpTo(Level::Trace)),
    ];
    reader
        .choice(setting, setting.text, choices)
        .unwrap_or_default()
}
