//! Sends batches, and sends them again when that may help; lives on the sender thread.
//!
//! Which answers are worth another attempt is the transport's knowledge; here
//! is how often and for how long: exponential backoff with jitter, the
//! receiver's own wish before it, and an end to everything when the program ends.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use super::config::RetryConfig;
use super::transport::{Accepted, Failure, FailureKind, Transport};
use crate::export::delivery::courier::{Courier, Receipt};
use crate::export::delivery::diagnostics::Diagnostics;
use crate::export::delivery::patience::{Cut, Patience};
use crate::stats::LossCause;

pub(super) struct Sender {
    transport: Box<dyn Transport>,
    retry: RetryConfig,
    timeout: Duration,
    diagnostics: Diagnostics,
    /// The receiver asked to be left alone until then.
    not_before: Option<Instant>,
}

/// A receiver that asks for a longer pause gets this one.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

impl Sender {
    pub(super) fn new(
        transport: Box<dyn Transport>,
        retry: RetryConfig,
        timeout: Duration,
        diagnostics: Diagnostics,
    ) -> Self {
        Self {
            transport,
            retry,
            timeout,
            diagnostics,
            not_before: None,
        }
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
        if rejected == 0 {
            self.diagnostics.fine();
            return Receipt::Delivered;
        }
        let reason = if message.is_empty() {
            format!("{rejected} spans were rejected, without a reason")
        } else {
            format!("{rejected} spans were rejected: {message}")
        };
        self.diagnostics
            .trouble(&reason, "the others were accepted");
        Receipt::Partly { rejected, reason }
    }

    fn lost(&mut self, cause: LossCause, failure: Failure) -> Receipt {
        self.diagnostics
            .trouble(&failure.reason, "these spans are lost");
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
            let is_closing = patience.deadline().is_some();
            let asked = match failure.kind {
                FailureKind::Refused => return self.lost(LossCause::Rejected, failure),
                FailureKind::Broken => return self.lost(LossCause::Failed, failure),
                // nobody will come in the last moments of a program
                FailureKind::Unreachable if is_closing => {
                    return self.lost(LossCause::Shutdown, failure);
                }
                FailureKind::Unreachable => None,
                FailureKind::Transient { retry_after } => {
                    retry_after.map(|pause| pause.min(LONGEST_PAUSE))
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
            self.diagnostics.trouble(&failure.reason, "trying again");
            patience.note_error(&failure.reason);
            let cut = match asked {
                Some(_) => Cut::Not,
                None => Cut::Short,
            };
            if !patience.wait(next, cut) {
                return self.lost(LossCause::Shutdown, failure);
            }
            self.not_before = None;
        }
    }
}

/// Pauses between attempts, each longer than the one before.
struct Backoff {
    retry: RetryConfig,
    pause: Duration,
}

impl Backoff {
    fn new(retry: RetryConfig) -> Self {
        let pause = retry.initial_backoff.min(retry.max_backoff);
        Self { retry, pause }
    }

    fn next_pause(&mut self) -> Duration {
        let pause = self.pause;
        let longer = pause.as_secs_f64() * self.retry.multiplier;
        self.pause = Duration::try_from_secs_f64(longer)
            .unwrap_or(Duration::MAX)
            .min(self.retry.max_backoff);
        let factor = 0.5 + random_fraction();
        Duration::try_from_secs_f64(pause.as_secs_f64() * factor).unwrap_or(pause)
    }
}

/// This much later, or so late that it makes no difference.
fn later(instant: Instant, pause: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    instant + pause.min(YEAR)
}

/// A random number from 0 up to 1; the standard library's hash keys are random enough for that.
fn random_fraction() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    (random >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest_and_differ() {
        let retry = RetryConfig {
            initial_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_millis(400),
            multiplier: 2.0,
            max_elapsed: Duration::MAX,
        };
        let mut backoff = Backoff::new(retry.clone());
        for expected in [100u64, 200, 400, 400] {
            let pause = backoff.next_pause();
            let expected = Duration::from_millis(expected);
            assert!(
                pause >= expected / 2 && pause <= expected * 3 / 2,
                "{pause:?}"
            );
        }
        let mut backoff = Backoff::new(retry.clone());
        let mut other = Backoff::new(retry.clone());
        let pauses: Vec<_> = (0..8).map(|_| backoff.next_pause()).collect();
        let others: Vec<_> = (0..8).map(|_| other.next_pause()).collect();
        assert_ne!(pauses, others);
    }

    #[test]
    fn pauses_do_not_overflow() {
        let retry = RetryConfig {
            initial_backoff: Duration::MAX,
            max_backoff: Duration::MAX,
            multiplier: f64::MAX,
            max_elapsed: Duration::ZERO,
        };
        let mut backoff = Backoff::new(retry.clone());
        backoff.next_pause();
        backoff.next_pause();
    }
}
