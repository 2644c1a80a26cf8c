//! Sends batches, and sends them again when that may help; lives on the sender thread.
//!
//! Which answers are worth another attempt is the transport's knowledge; here
//! is how often and for how long: exponential backoff with jitter, the
//! receiver's own wish before it, and an end to everything when the program ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::config::OtlpConfig;
use super::error::OtlpConfigError;
use super::retry::{Backoff, RetryConfig};
use super::transport::{self, Accepted, Failure, FailureKind, Transport};
use crate::export::delivery::courier::Courier;
use crate::export::delivery::diagnostics::Diagnostics;
use crate::export::delivery::patience::{Cut, Patience};
use crate::export::delivery::receipt::Receipt;
use crate::stats::{ExporterStats, LossCause, RetryCause, Signal};

pub(super) struct Sender {
    transport: Box<dyn Transport>,
    retry: RetryConfig,
    timeout: Duration,
    diagnostics: Diagnostics,
    stats: Arc<ExporterStats>,
    /// The receiver asked to be left alone until then.
    not_before: Option<Instant>,
}

/// A receiver that asks for a longer pause gets this one.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

impl Sender {
    /// Sends what one exporter has of this signal, by the transport that was given, else by the one
    /// that the settings ask for. Opens no connection yet.
    pub(super) fn new(
        config: &OtlpConfig,
        given: Option<Box<dyn Transport>>,
        signal: Signal,
        stats: &Arc<ExporterStats>,
    ) -> Result<Self, OtlpConfigError> {
        let transport = match given {
            Some(transport) => transport,
            None => transport::connect(config, signal)?,
        };
        let what = match signal {
            Signal::Spans => "spans",
            Signal::Points => "points of metrics",
            Signal::Logs => "log records",
        };
        let target = config.target(signal)?;
        Ok(Self {
            transport,
            retry: config.retry.clone(),
            timeout: config.timeout,
            diagnostics: Diagnostics::new(
                config.diagnostics,
                what,
                target.label(),
                Arc::clone(stats),
            ),
            stats: Arc::clone(stats),
            not_before: None,
        })
    }

    fn attempt(
        &mut self,
        body: &mut Vec<u8>,
        patience: &Patience<'_, Vec<u8>>,
    ) -> Result<Accepted, Failure> {
        let mut deadline = later(Instant::now(), self.timeout);
        if let Some(end) = patience.deadline() {
            deadline = deadline.min(end);
        }
        self.transport.send(body, deadline)
    }

    fn accepted(&mut self, accepted: Accepted) -> Receipt {
        let Accepted { rejected, message } = accepted;
        let what = self.diagnostics.what();
        if rejected == 0 {
            self.diagnostics.fine();
            return Receipt::Delivered;
        }
        let reason = if message.is_empty() {
            format!("{rejected} {what} were rejected, without a reason")
        } else {
            format!("{rejected} {what} were rejected: {message}")
        };
        self.diagnostics.lost(&reason, "the others were accepted");
        Receipt::Partly {
            cause: LossCause::Rejected,
            lost: rejected,
            reason,
        }
    }

    fn lost(&mut self, cause: LossCause, failure: Failure) -> Receipt {
        let next = format!("these {} are lost", self.diagnostics.what());
        self.diagnostics.lost(&failure.reason, &next);
        Receipt::Lost {
            cause,
            reason: failure.reason,
        }
    }
}

impl Courier<Vec<u8>> for Sender {
    fn deliver(&mut self, body: &mut Vec<u8>, patience: &Patience<'_, Vec<u8>>) -> Receipt {
        if let Some(not_before) = self.not_before.take()
            && !patience.wait(not_before, Cut::Not)
        {
            let reason = "the receiver asked for a pause that outlasts the program".to_owned();
            return Receipt::Lost {
                cause: LossCause::Shutdown,
                reason,
            };
        }
        let started = Instant::now();
        let mut backoff = Backoff::new(self.retry.clone());
        loop {
            let failure = match self.attempt(body, patience) {
                Ok(accepted) => return self.accepted(accepted),
                Err(failure) => failure,
            };
            let deadline = patience.deadline();
            let is_closing = deadline.is_some();
            let is_over = deadline.is_some_and(|deadline| deadline <= Instant::now());
            let (asked, cause) = match failure.kind {
                FailureKind::Refused => return self.lost(LossCause::Rejected, failure),
                // whatever went wrong, there was no time for it to go well
                _ if is_over => return self.lost(LossCause::Shutdown, failure),
                FailureKind::Broken => return self.lost(LossCause::Failed, failure),
                // nobody will come in the last moments of a program
                FailureKind::Unreachable if is_closing => {
                    return self.lost(LossCause::Shutdown, failure);
                }
                FailureKind::Unreachable => (None, RetryCause::Unreachable),
                FailureKind::Transient { retry_after } => {
                    let asked = retry_after.map(|pause| pause.min(LONGEST_PAUSE));
                    (asked, RetryCause::Unavailable)
                }
            };
            let now = Instant::now();
            let next = later(now, asked.unwrap_or_else(|| backoff.next_pause()));
            if asked.is_some() {
                self.not_before = Some(next);
            }
            if next - started > self.retry.max_elapsed {
                return self.lost(LossCause::Failed, failure);
            }
            self.diagnostics.late(&failure.reason, "trying again");
            patience.note_error(&failure.reason);
            let cut = if asked.is_some() || is_closing {
                Cut::Not
            } else {
                Cut::Short
            };
            if !patience.wait(next, cut) {
                return self.lost(LossCause::Shutdown, failure);
            }
            self.not_before = None;
            self.stats.count_retry(cause);
        }
    }
}

/// This much later, or so late that it makes no difference.
fn later(instant: Instant, pause: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    instant + pause.min(YEAR)
}
