//! Messages, counted as they go by.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context as TaskContext, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use otel_runtime::Context;

/// How many messages a request has had; its body and its call go on different tasks.
#[derive(Debug, Default)]
pub(crate) struct RequestMessages(AtomicU64);

impl RequestMessages {
    /// A number that orders nothing, so relaxed.
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Finds the ends of messages in what goes by: a byte, four of length, and as many as those say.
#[derive(Debug, Default)]
pub(crate) struct MessageCounter {
    /// Of the prefix of the next message, so many bytes are known, and this is the length so far.
    prefix_bytes: u8,
    length: u32,
    /// Of the message under way.
    missing_bytes: u32,
    is_in_message: bool,
}

const PREFIX_BYTES: u8 = 5;

impl MessageCounter {
    /// How many messages end in this.
    pub(crate) fn feed(&mut self, mut data: &[u8]) -> u64 {
        let mut ended = 0;
        loop {
            if self.is_in_message {
                let taken = data.len().min(self.missing_bytes as usize);
                data = &data[taken..];
                self.missing_bytes -= taken as u32;
                if self.missing_bytes > 0 {
                    return ended;
                }
                self.is_in_message = false;
                ended += 1;
            }
            let Some((&first, rest)) = data.split_first() else {
                return ended;
            };
            data = rest;
            self.prefix(first);
        }
    }

    fn prefix(&mut self, byte: u8) {
        // The first one says whether the message is compressed.
        if self.prefix_bytes > 0 {
            self.length = self.length << 8 | u32::from(byte);
        }
        self.prefix_bytes += 1;
        if self.prefix_bytes == PREFIX_BYTES {
            self.missing_bytes = self.length;
            self.is_in_message = true;
            (self.prefix_bytes, self.length) = (0, 0);
        }
    }
}

pin_project_lite::pin_project! {
    /// The body of a request, whose messages are counted, and which works in a context.
    #[derive(Debug)]
    pub(crate) struct RequestBody<B> {
        #[pin]
        body: B,
        counter: MessageCounter,
        messages: Arc<RequestMessages>,
        // `None`: whoever asks for it is in one.
        context: Option<Context>,
    }
}

impl<B> RequestBody<B> {
    pub(crate) fn new(body: B, messages: Arc<RequestMessages>, context: Option<Context>) -> Self {
        Self {
            body,
            counter: MessageCounter::default(),
            messages,
            context,
        }
    }
}

impl<B: Body<Data = Bytes>> Body for RequestBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.project();
        let body = this.body;
        let polled = match this.context {
            Some(context) => context.run(|| body.poll_frame(cx)),
            None => body.poll_frame(cx),
        };
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            let ended = this.counter.feed(data);
            this.messages.0.fetch_add(ended, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_however_they_are_cut() {
        let mut stream = Vec::new();
        for length in [0_u32, 1, 300, 0, 70_000] {
            stream.push(0);
            stream.extend(length.to_be_bytes());
            stream.resize(stream.len() + length as usize, 7);
        }
        for size in [1, 2, 3, 4, 5, 6, 7, 299, 1000, stream.len()] {
            let mut counter = MessageCounter::default();
            let ended: u64 = stream.chunks(size).map(|chunk| counter.feed(chunk)).sum();
            assert_eq!(ended, 5, "{size}");
        }
        let mut counter = MessageCounter::default();
        assert_eq!(counter.feed(&stream[..stream.len() - 1]), 4);
        assert_eq!(counter.feed(&[]), 0);
        assert_eq!(counter.feed(&[7]), 1);
    }
}
