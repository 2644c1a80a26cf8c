//! Streams of which not everything is wanted.

use std::pin::pin;

use futures_util::{Stream, StreamExt};

/// The first item; the rest is dropped with the stream.
pub(crate) async fn first<S: Stream>(stream: S) -> Option<S::Item> {
    pin!(stream).next().await
}
