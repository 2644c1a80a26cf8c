//! How often a batch is sent again, and how long after.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// What happens to a batch that could not be delivered but may be later.
///
/// After attempt number *n* the exporter waits `initial_backoff` ×
/// `multiplier`ⁿ⁻¹, at most `max_backoff`, times a random factor between 0.5 and 1.5 — or as long
/// as the receiver asks for, if it does.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryConfig {
    /// The wait after the first attempt. Default: 1 s.
    pub initial_backoff: Duration,
    /// The longest wait. Default: 10 s.
    pub max_backoff: Duration,
    /// How much longer each wait is than the one before. Default: 1.5.
    pub multiplier: f64,
    /// No attempt starts later than this after the first one; the batch is
    /// then lost and counted as [`Failed`](crate::export::LossCause::Failed).
    /// Zero turns retrying off. Default: 60 s.
    pub max_elapsed: Duration,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            initial_backoff: Duration::from_secs(1),
            max_backoff: Duration::from_secs(10),
            multiplier: 1.5,
            max_elapsed: Duration::from_secs(60),
        }
    }
}

/// Pauses between attempts, each longer than the one before.
pub(super) struct Backoff {
    retry: RetryConfig,
    pause: Duration,
}

impl Backoff {
    pub(super) fn new(retry: RetryConfig) -> Self {
        let pause = retry.initial_backoff.min(retry.max_backoff);
        Self { retry, pause }
    }

    pub(super) fn next_pause(&mut self) -> Duration {
        let pause = self.pause;
        let longer = pause.as_secs_f64() * self.retry.multiplier;
        self.pause = Duration::try_from_secs_f64(longer)
            .unwrap_or(Duration::MAX)
            .min(self.retry.max_backoff);
        let factor = 0.5 + random_fraction();
        Duration::try_from_secs_f64(pause.as_secs_f64() * factor).unwrap_or(pause)
    }
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
