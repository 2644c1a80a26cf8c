//! The collector thread's end of the queue, and the worker thread at the other.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::config::Capacity;
use super::courier::Courier;
use super::items::Items;
use super::patience::Patience;
use super::queue::{Parcel, Queue};
use super::receipt::Receipt;
use crate::export::exporter::FlushError;
use crate::stats::ExporterStats;

/// Hands parcels to a worker thread of its own.
#[derive(Debug)]
pub(crate) struct Outbox<T> {
    queue: Arc<Queue<T>>,
    /// What was lost up to the last flush: only newer losses are its fault.
    lost_before: Items,
}

impl<T: Send + 'static> Outbox<T> {
    /// Starts a worker thread with this name.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub(crate) fn start(
        thread_name: &str,
        capacity: impl Into<Capacity>,
        stats: Arc<ExporterStats>,
        courier: impl Courier<T> + 'static,
    ) -> io::Result<Self> {
        let queue = Arc::new(Queue::new(capacity.into(), stats));
        let at_worker = Arc::clone(&queue);
        // not joined: at the end of the program a hanging courier is left behind
        thread::Builder::new()
            .name(thread_name.to_owned())
            .spawn(move || work(&at_worker, courier))?;
        Ok(Self {
            queue,
            lost_before: Items::default(),
        })
    }

    /// A used content to fill, if there is one.
    #[cfg(any(feature = "otlp", feature = "lines"))]
    pub(crate) fn spare(&self) -> Option<T> {
        self.queue.spare()
    }

    /// Hands a parcel over, or counts what it holds as lost.
    #[cfg(any(feature = "otlp", feature = "terminal", feature = "opentelemetry-sdk"))]
    pub(crate) fn send(&self, parcel: Parcel<T>) {
        self.send_within(parcel, Duration::ZERO);
    }

    /// The same; if the queue is full, waits this long for room.
    pub(crate) fn send_within(&self, parcel: Parcel<T>, longest: Duration) {
        self.queue.push(parcel, longest);
    }

    /// Waits until all that was sent is delivered or lost.
    ///
    /// # Errors
    /// If something was lost since the last call, or is still under way.
    pub(crate) fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let result = self.queue.flush(self.lost_before, deadline);
        self.lost_before = self.queue.lost();
        result
    }

    /// Ends the worker; gives it up, and counts what it held, at the deadline.
    ///
    /// # Errors
    /// If something was lost since the last flush.
    pub(crate) fn close(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let result = self.queue.close(self.lost_before, deadline);
        self.lost_before = self.queue.lost();
        result
    }
}

impl<T> Drop for Outbox<T> {
    fn drop(&mut self) {
        // without a shutdown nothing is waited for, but the thread must not stay
        let _ = self.queue.close(Items::default(), Instant::now());
    }
}

fn work<T>(queue: &Queue<T>, mut courier: impl Courier<T>) {
    struct Ended<'a, T>(&'a Queue<T>);
    impl<T> Drop for Ended<'_, T> {
        fn drop(&mut self) {
            self.0.worker_ended();
        }
    }

    crate::thread::suppress();
    let _ended = Ended(queue);
    let patience = Patience { queue };
    while let Some(mut parcel) = queue.pop() {
        let begun = Instant::now();
        let receipt = courier.deliver(&mut parcel.content, &patience);
        let lost = match &receipt {
            Receipt::Lost { cause, .. } => Some(*cause),
            _ => None,
        };
        if parcel.items > 0 {
            queue.stats().count_delivery(lost, begun.elapsed());
        }
        queue.settle(parcel, receipt);
    }
    courier.close(patience.remaining());
}
