//! How well the calls of a function are meant to go.

/// What the annotation promises of a function's calls; rules for alerts are made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Objective {
    /// How many of a hundred calls succeed.
    pub success_percent: Option<f64>,
    /// How many of a hundred calls are over in time.
    pub latencies: &'static [Latency],
}

/// How many of a hundred calls are over in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// The time, in nanoseconds.
    pub within_ns: u64,
    /// How many of a hundred calls take no longer.
    pub percent: f64,
}

impl Objective {
    /// Nothing is promised yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            success_percent: None,
            latencies: &[],
        }
    }

    /// The same, with so many successes of a hundred calls.
    #[must_use]
    pub const fn success(mut self, percent: f64) -> Self {
        check_percent(percent);
        self.success_percent = Some(percent);
        self
    }

    /// The same, with so many calls over in time.
    #[must_use]
    pub const fn latency(mut self, latencies: &'static [Latency]) -> Self {
        self.latencies = latencies;
        self
    }
}

impl Latency {
    /// So many of a hundred calls take no longer than this.
    #[must_use]
    pub const fn new(within_ns: u64, percent: f64) -> Self {
        check_percent(percent);
        Self { within_ns, percent }
    }
}

const fn check_percent(percent: f64) {
    assert!(
        percent > 0.0 && percent < 100.0,
        "an objective is a percentage above 0 and below 100: something may always fail"
    );
}
