//! Waits for a future on the calling thread.

use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread::{self, Thread};

use super::Waited;

/// Polls the future until it is done; sleeps in between.
pub(super) fn park_until(mut future: Waited<'_>) {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    while future.as_mut().poll(&mut context).is_pending() {
        // an unpark that came before makes this return at once
        thread::park();
    }
}
