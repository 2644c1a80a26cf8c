//! When a batch is sent, and how much may wait.

use std::time::Duration;

/// When a batch is sent, and how much may wait.
///
/// ```
/// use std::time::Duration;
/// use otel_runtime::export::BatchConfig;
///
/// let often = BatchConfig {
///     schedule_delay: Duration::from_millis(500),
///     ..BatchConfig::default()
/// };
/// assert_eq!(often.max_export_batch_size, 4096);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchConfig {
    /// A batch is sent as soon as it holds this many spans. Default: 4096
    /// (the specification suggests 512, which costs eight times as many requests).
    pub max_export_batch_size: usize,
    /// A batch is sent as soon as its spans take this many bytes, before
    /// compression. Default: 1 MiB, well below the 4 MiB a gRPC receiver takes.
    pub max_export_batch_bytes: usize,
    /// A batch is sent when it has been open this long. Default: 5 s.
    pub schedule_delay: Duration,
    /// Batches that wait or are being sent take at most this many bytes
    /// together; what does not fit is lost and counted as
    /// [`QueueFull`](crate::export::LossCause::QueueFull). Default: 4 MiB.
    pub max_queue_bytes: usize,
    /// Batches that wait or are being sent hold at most this many spans
    /// together, the batch size at least. Default: as many as the bytes allow.
    pub max_queue_size: usize,
}

/// How much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Capacity {
    pub(crate) bytes: usize,
    pub(crate) spans: u64,
}

impl Default for BatchConfig {
    fn default() -> Self {
        Self {
            max_export_batch_size: 4096,
            max_export_batch_bytes: 1 << 20,
            schedule_delay: Duration::from_secs(5),
            max_queue_bytes: 4 << 20,
            max_queue_size: usize::MAX,
        }
    }
}

impl Capacity {
    pub(super) const fn holds(self, bytes: usize, spans: u64) -> bool {
        bytes <= self.bytes && spans <= self.spans
    }
}

/// So many bytes, however many spans they are.
impl From<usize> for Capacity {
    fn from(bytes: usize) -> Self {
        Self {
            bytes,
            spans: u64::MAX,
        }
    }
}

impl From<&BatchConfig> for Capacity {
    fn from(config: &BatchConfig) -> Self {
        Self {
            bytes: config.max_queue_bytes,
            spans: config.max_queue_size as u64,
        }
    }
}
