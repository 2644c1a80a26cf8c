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
    /// A batch is sent as soon as it holds this many spans, or log records. Default: 4096
    /// (the specification suggests 512, which costs eight times as many requests).
    pub max_export_batch_size: usize,
    /// A batch is sent as soon as its spans or log records take this many bytes, before
    /// compression. Default: 1 MiB, well below the 4 MiB a gRPC receiver takes.
    pub max_export_batch_bytes: usize,
    /// A batch is sent when it has been open this long. Default: 5 s.
    pub schedule_delay: Duration,
    /// Batches that wait or are being sent take at most this many bytes
    /// together; what does not fit is lost and counted as
    /// [`QueueFull`](crate::export::LossCause::QueueFull). Default: 4 MiB.
    pub max_queue_bytes: usize,
    /// Batches that wait or are being sent hold at most this many spans or log records
    /// together, the batch size at least. Default: as many as the bytes allow.
    pub max_queue_size: usize,
    /// How long the collector waits for room when the queue is full, before it gives the batch up.
    /// Meanwhile the program goes on and its buffers fill; the other exporters wait as well. A
    /// receiver that does not move at all is waited for once. Default: not at all.
    pub max_wait: Duration,
}

/// How much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Capacity {
    pub(crate) bytes: usize,
    /// Spans, or points of metrics, or log records.
    pub(crate) items: u64,
}

impl Default for BatchConfig {
    fn default() -> Self {
        Self {
            max_export_batch_size: 4096,
            max_export_batch_bytes: 1 << 20,
            schedule_delay: Duration::from_secs(5),
            max_queue_bytes: 4 << 20,
            max_queue_size: usize::MAX,
            max_wait: Duration::ZERO,
        }
    }
}

impl Capacity {
    pub(super) const fn holds(self, bytes: usize, items: u64) -> bool {
        bytes <= self.bytes && items <= self.items
    }
}

/// So many bytes, however many items they are.
impl From<usize> for Capacity {
    fn from(bytes: usize) -> Self {
        Self {
            bytes,
            items: u64::MAX,
        }
    }
}

impl From<&BatchConfig> for Capacity {
    fn from(config: &BatchConfig) -> Self {
        Self {
            bytes: config.max_queue_bytes,
            items: config.max_queue_size as u64,
        }
    }
}
