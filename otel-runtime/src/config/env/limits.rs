//! `OTEL_SPAN_*_LIMIT`, `OTEL_LOGRECORD_*_LIMIT` and their kin: how much of a span and of a log record is
//! kept.

use super::vars::Reader;
use crate::limits::{LogLimits, SpanLimits};

/// For spans and log records, where they have no limit of their own.
const LENGTH: &str = "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT";
const COUNT: &str = "OTEL_ATTRIBUTE_COUNT_LIMIT";

pub(super) fn of_spans(reader: &mut Reader<'_>) -> SpanLimits {
    let mut limits = SpanLimits::DEFAULT;
    let mut read = |limit: &mut u32, names: &[&'static str]| {
        if let Some(number) = reader.integer(names, 0) {
            *limit = number;
        }
    };
    read(
        &mut limits.value_length,
        &["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", LENGTH],
    );
    read(
        &mut limits.attribute_count,
        &["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", COUNT],
    );
    read(&mut limits.event_count, &["OTEL_SPAN_EVENT_COUNT_LIMIT"]);
    read(&mut limits.link_count, &["OTEL_SPAN_LINK_COUNT_LIMIT"]);
    read(
        &mut limits.event_attribute_count,
        &["OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT"],
    );
    read(
        &mut limits.link_attribute_count,
        &["OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"],
    );
    limits
}

pub(super) fn of_logs(reader: &mut Reader<'_>) -> LogLimits {
    let mut limits = LogLimits::DEFAULT;
    let length = ["OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", LENGTH];
    if let Some(number) = reader.integer(&length, 0) {
        limits.value_length = number;
    }
    let count = ["OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", COUNT];
    if let Some(number) = reader.integer(&count, 0) {
        limits.attribute_count = number;
    }
    limits
}
