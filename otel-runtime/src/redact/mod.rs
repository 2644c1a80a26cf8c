//! What nobody shall see is hidden here: between the collector, which puts spans, logs and metrics
//! together, and the exporters, which would show it.
//!
//! Runs on the collector's thread, once for each span, log record and reading of the metrics,
//! whatever the number of exporters. Of what holds nothing to hide, nothing is copied and nothing
//! allocated. The time is linear in the length of a text, whatever is in it.
//!
//! ```text
//!  attribute ─► key: a rule by name? ─► masked, hashed, dropped, kept
//!                 │ no
//!                 ▼
//!               text: a look at each byte: is there anything a rule could be about?
//!                 │ yes
//!                 ▼
//!               one walk, word by word ─► tokens, userinfo, `name=value`, e-mail, card, IP
//! ```

mod address;
mod assignment;
mod card;
mod hash;
mod labels;
mod logs;
mod name;
mod names;
mod pattern;
mod redactor;
mod rules;
mod scan;
mod screen;
#[cfg(all(test, not(loom)))]
mod tests;
mod text;
mod token;
mod url;
mod views;

pub use pattern::{Pattern, Redact};
pub(crate) use redactor::Redactor;
pub use rules::Redaction;

#[cfg(fuzzing)]
pub mod fuzzed;
