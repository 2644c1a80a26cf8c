//! Log records as lines: JSON for machines, something readable for people.
//!
//! ```text
//!  collector thread             writer thread
//!  LogView ─► LineEncoder ─► Outbox ─► a stream, a file, any writer
//! ```
//!
//! A disk that is full, a pipe that nobody reads and a terminal that somebody has stopped hold
//! nobody up: lines that find no room are lost, and counted.
//!
//! # The members of a JSON line
//!
//! | member | value |
//! |---|---|
//! | `time` | RFC 3339 in UTC, to the nanosecond |
//! | `severity` | OpenTelemetry's short name, such as `INFO` or `WARN2` |
//! | `message` | what a person reads; an empty text if there is nothing |
//! | `event_name` | if there is one |
//! | `target` | the part of the program |
//! | `file`, `line` | where it was written, as far as that is known |
//! | `service.name`, `.namespace`, `.version` | of the resource, as far as it has them |
//! | `trace_id`, `span_id` | in hexadecimal, if it was written within a span |
//! | `dropped_attributes` | how many fields were left out, if any was |
//! | all others | the fields, with their types, under the keys they have: `order.id` is one key |
//!
//! What an error has to say are fields as well: `error.type`, `otelkit.error.class`,
//! `exception.message`, `exception.chain`. A field with a key of the table is called `field.time`, and one
//! called that `field.field.time`. NaN and the infinities, for which JSON has no numbers, are the
//! texts `NaN`, `Infinity` and `-Infinity`.

mod encoder;
mod exporter;
mod json;
mod keys;
mod readable;
mod time;

pub use encoder::{LineEncoder, LineForm};
pub use exporter::LinesExporter;
