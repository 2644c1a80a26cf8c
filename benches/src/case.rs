//! What is measured.

/// A measured situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// A span without fields under a live root.
    Child0,
    /// The same with one integer field.
    Child1,
    /// An annotated async function that is ready at its first poll.
    Async1,
    /// An annotated async function that yields ten times.
    Async10,
    /// A root and ten children without fields.
    Trace11,
    /// A root and ten events of it, with a text and an integer.
    Events10,
    /// The same with log records in place of events.
    Logs10,
}

/// How the library is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Every trace is sampled.
    Sampled,
    /// No trace is sampled.
    Unsampled,
    /// The library is linked and nobody has installed anything.
    Off,
}

impl Case {
    /// The case and set-up with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<(Self, Mode)> {
        Some(match name {
            "child0" => (Self::Child0, Mode::Sampled),
            "child1" => (Self::Child1, Mode::Sampled),
            "async1" => (Self::Async1, Mode::Sampled),
            "async10" => (Self::Async10, Mode::Sampled),
            "trace11" => (Self::Trace11, Mode::Sampled),
            "events10" => (Self::Events10, Mode::Sampled),
            "logs10" => (Self::Logs10, Mode::Sampled),
            "unsampled" => (Self::Child0, Mode::Unsampled),
            "unsampled_async" => (Self::Async1, Mode::Unsampled),
            "off" => (Self::Child0, Mode::Off),
            "off_async" => (Self::Async1, Mode::Off),
            _ => return None,
        })
    }

    /// What one call counts as: its spans, and its events or records.
    #[must_use]
    pub const fn units_per_call(self) -> u32 {
        match self {
            Self::Trace11 | Self::Events10 | Self::Logs10 => 11,
            _ => 1,
        }
    }

    /// Measured spans of one call.
    #[must_use]
    pub const fn spans_per_call(self) -> u32 {
        match self {
            Self::Trace11 => 11,
            _ => 1,
        }
    }

    /// Spans of one burst that are recorded but not measured: the live root.
    #[must_use]
    pub const fn spans_around(self) -> u32 {
        match self {
            Self::Trace11 | Self::Events10 | Self::Logs10 => 0,
            _ => 1,
        }
    }
}
