//! A progress bar on stderr, if that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows a person how far the work is; on anything but a terminal, nothing.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar on stderr, hidden unless that is a terminal.
    #[must_use]
    pub fn on_stderr() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// No bar at all.
    #[must_use]
    pub fn hidden() -> Self {
        Self {
            bar: ProgressBar::hidden(),
        }
    }

    /// There are this many steps.
    pub fn start(&self, steps: usize) {
        self.bar.set_length(steps as u64);
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    /// A step begins.
    pub fn step(&self, name: &str) {
        // a copy of the name only if somebody sees it
        if !self.bar.is_hidden() {
            // a lock file may say anything, and a terminal obeys some of it
            self.bar.set_message(name.replace(char::is_control, " "));
        }
        self.bar.inc(1);
    }

    /// Takes the bar away, so that what follows starts on a clean line.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    /// Also when the work was interrupted.
    fn drop(&mut self) {
        self.finish();
    }
}
