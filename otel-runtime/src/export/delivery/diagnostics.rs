//! A few lines on standard error about trouble with a receiver.
//!
//! One line when it begins, one a minute while it lasts, one when it is over;
//! trouble that comes and goes is told once a minute. Lines name the receiver
//! and the reason, never a header.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::stats::ExporterStats;

#[derive(Debug)]
pub(crate) struct Diagnostics {
    enabled: bool,
    /// Where spans go, as it may be printed.
    target: String,
    stats: Arc<ExporterStats>,
    trouble: Option<Trouble>,
    /// When the last line was written.
    told_at: Option<Instant>,
}

#[derive(Debug)]
struct Trouble {
    since: Instant,
    lost_before: u64,
    /// A line has told of it.
    told: bool,
}

/// Between two lines about the same thing.
const INTERVAL: Duration = Duration::from_secs(60);

impl Diagnostics {
    pub(crate) fn new(enabled: bool, target: impl Into<String>, stats: Arc<ExporterStats>) -> Self {
        Self {
            enabled,
            target: target.into(),
            stats,
            trouble: None,
            told_at: None,
        }
    }

    /// Something went wrong; `next` says what happens now.
    pub(crate) fn trouble(&mut self, reason: &dyn fmt::Display, next: &str) {
        if let Some(line) = self.trouble_line(Instant::now(), reason, next) {
            self.print(&line);
        }
    }

    /// Something went well.
    pub(crate) fn fine(&mut self) {
        if self.trouble.is_none() {
            return;
        }
        if let Some(line) = self.fine_line(Instant::now()) {
            self.print(&line);
        }
    }

    fn trouble_line(
        &mut self,
        now: Instant,
        reason: &dyn fmt::Display,
        next: &str,
    ) -> Option<String> {
        let lost = self.stats.dropped_total();
        let target = &self.target;
        let is_new = self.trouble.is_none();
        let trouble = self.trouble.get_or_insert(Trouble {
            since: now,
            lost_before: lost,
            told: false,
        });
        if self
            .told_at
            .is_some_and(|told_at| now.saturating_duration_since(told_at) < INTERVAL)
        {
            return None;
        }
        self.told_at = Some(now);
        trouble.told = true;
        if is_new {
            return Some(format!(
                "cannot deliver spans to {target}: {reason}; {next}"
            ));
        }
        let seconds = now.saturating_duration_since(trouble.since).as_secs();
        let lost = lost - trouble.lost_before;
        Some(format!(
            "cannot deliver spans to {target} for {seconds} s now, {lost} are lost: {reason}; {next}"
        ))
    }

    fn fine_line(&mut self, now: Instant) -> Option<String> {
        let trouble = self.trouble.take().filter(|trouble| trouble.told)?;
        let seconds = now.saturating_duration_since(trouble.since).as_secs();
        let lost = self.stats.dropped_total() - trouble.lost_before;
        Some(format!(
            "delivering spans to {} again after {seconds} s; {lost} were lost",
            self.target
        ))
    }

    fn print(&self, line: &str) {
        if self.enabled {
            // unlike `eprintln!`, does not panic when standard error is closed
            let _ = writeln!(io::stderr(), "otelkit: {line}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::LossCause;

    fn diagnostics() -> (Diagnostics, Arc<ExporterStats>) {
        let stats = Arc::new(ExporterStats::default());
        (
            Diagnostics::new(false, "http://a", Arc::clone(&stats)),
            stats,
        )
    }

    #[test]
    fn trouble_is_told_when_it_begins_each_minute_and_when_it_is_over() {
        let (mut diagnostics, stats) = diagnostics();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(
            diagnostics
                .trouble_line(at(0), &"refused", "trying again")
                .unwrap(),
            "cannot deliver spans to http://a: refused; trying again"
        );
        assert_eq!(
            diagnostics.trouble_line(at(59), &"refused", "trying again"),
            None
        );
        stats.add_dropped(LossCause::Failed, 7);
        assert_eq!(
            diagnostics
                .trouble_line(at(61), &"reset", "given up")
                .unwrap(),
            "cannot deliver spans to http://a for 61 s now, 7 are lost: reset; given up"
        );
        assert_eq!(
            diagnostics.fine_line(at(62)).unwrap(),
            "delivering spans to http://a again after 62 s; 7 were lost"
        );
        assert_eq!(diagnostics.fine_line(at(63)), None);
    }

    #[test]
    fn trouble_that_comes_and_goes_is_told_once_a_minute() {
        let (mut diagnostics, _) = diagnostics();
        let start = Instant::now();
        assert!(diagnostics.trouble_line(start, &"a", "b").is_some());
        assert!(diagnostics.fine_line(start).is_some());
        for _ in 0..10 {
            assert_eq!(diagnostics.trouble_line(start, &"a", "b"), None);
            assert_eq!(diagnostics.fine_line(start), None);
        }
    }
}
