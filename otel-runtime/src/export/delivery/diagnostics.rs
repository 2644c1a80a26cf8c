//! A few lines about trouble with a receiver.
//!
//! One line when it begins, one a minute while it lasts, one when it is over;
//! trouble that comes and goes is told once a minute. Lines name the receiver
//! and the reason, never a header.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::diagnostics;
use crate::site::Level;
use crate::stats::ExporterStats;

#[derive(Debug)]
pub(crate) struct Diagnostics {
    enabled: bool,
    /// What is delivered, in the plural.
    what: &'static str,
    /// Where it goes, as it may be printed.
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
    pub(crate) fn new(
        enabled: bool,
        what: &'static str,
        target: impl Into<String>,
        stats: Arc<ExporterStats>,
    ) -> Self {
        Self {
            enabled,
            what,
            target: target.into(),
            stats,
            trouble: None,
            told_at: None,
        }
    }

    /// The name of what is delivered, in the plural.
    #[cfg(feature = "otlp")]
    pub(crate) const fn what(&self) -> &'static str {
        self.what
    }

    /// Something is late, and why; `next` says what happens now.
    #[cfg(feature = "otlp")]
    pub(crate) fn late(&mut self, reason: &dyn fmt::Display, next: &str) {
        self.trouble(Level::Warn, reason, next);
    }

    /// Something is lost, and why; `next` says what happens now.
    pub(crate) fn lost(&mut self, reason: &dyn fmt::Display, next: &str) {
        self.trouble(Level::Error, reason, next);
    }

    /// Something went well.
    pub(crate) fn fine(&mut self) {
        if self.trouble.is_none() {
            return;
        }
        if let Some(line) = self.fine_line(Instant::now()) {
            diagnostics::tell(Level::Info, &line);
        }
    }

    fn trouble(&mut self, level: Level, reason: &dyn fmt::Display, next: &str) {
        let is_told = self.enabled && diagnostics::is_told(level);
        if let Some(line) = self.trouble_line(Instant::now(), is_told, reason, next) {
            diagnostics::tell(level, &line);
        }
    }

    /// A line that is not told is no reason to leave the next one out.
    fn trouble_line(
        &mut self,
        now: Instant,
        is_told: bool,
        reason: &dyn fmt::Display,
        next: &str,
    ) -> Option<String> {
        let lost = self.losses();
        let what = self.what;
        let target = &self.target;
        let trouble = self.trouble.get_or_insert(Trouble {
            since: now,
            lost_before: lost,
            told: false,
        });
        let is_recent = |told_at| now.saturating_duration_since(told_at) < INTERVAL;
        if !is_told || self.told_at.is_some_and(is_recent) {
            return None;
        }
        self.told_at = Some(now);
        let is_first = !std::mem::replace(&mut trouble.told, true);
        if is_first && trouble.since == now {
            return Some(format!(
                "cannot deliver {what} to {target}: {reason}; {next}"
            ));
        }
        let seconds = now.saturating_duration_since(trouble.since).as_secs();
        let lost = lost - trouble.lost_before;
        Some(format!(
            "cannot deliver {what} to {target} for {seconds} s now, {lost} are lost: {reason}; {next}"
        ))
    }

    fn fine_line(&mut self, now: Instant) -> Option<String> {
        let trouble = self.trouble.take().filter(|trouble| trouble.told)?;
        let seconds = now.saturating_duration_since(trouble.since).as_secs();
        let lost = self.losses() - trouble.lost_before;
        Some(format!(
            "delivering {} to {} again after {seconds} s; {lost} were lost",
            self.what, self.target
        ))
    }

    /// Everything this exporter has lost.
    fn losses(&self) -> u64 {
        self.stats.dropped_total()
            + self.stats.dropped_points_total()
            + self.stats.dropped_logs_total()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::LossCause;

    fn diagnostics() -> (Diagnostics, Arc<ExporterStats>) {
        let stats = Arc::new(ExporterStats::default());
        (
            Diagnostics::new(false, "spans", "http://a", Arc::clone(&stats)),
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
                .trouble_line(at(0), true, &"refused", "trying again")
                .unwrap(),
            "cannot deliver spans to http://a: refused; trying again"
        );
        assert_eq!(
            diagnostics.trouble_line(at(59), true, &"refused", "trying again"),
            None
        );
        stats.add_dropped(LossCause::Failed, 7);
        assert_eq!(
            diagnostics
                .trouble_line(at(61), true, &"reset", "given up")
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
        assert!(diagnostics.trouble_line(start, true, &"a", "b").is_some());
        assert!(diagnostics.fine_line(start).is_some());
        for _ in 0..10 {
            assert_eq!(diagnostics.trouble_line(start, true, &"a", "b"), None);
            assert_eq!(diagnostics.fine_line(start), None);
        }
    }

    #[test]
    fn trouble_that_is_not_told_leaves_room_for_trouble_that_is() {
        let (mut diagnostics, _) = diagnostics();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let late = diagnostics.trouble_line(at(0), false, &"refused", "trying again");
        assert_eq!(late, None);
        let lost = diagnostics.trouble_line(at(9), true, &"refused", "given up");
        assert_eq!(
            lost.unwrap(),
            "cannot deliver spans to http://a for 9 s now, 0 are lost: refused; given up"
        );
        assert!(diagnostics.fine_line(at(10)).is_some());
    }
}
