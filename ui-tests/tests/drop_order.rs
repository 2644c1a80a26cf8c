//! What an annotation must not change: when arguments, locals and temporaries are dropped.
//!
//! Each function is compiled twice, bare and annotated, and run in every way: to the end, and
//! cancelled after each number of polls, recorded and not. The order of drops must be the same. The crate
//! `edition-2021` compiles the same file under the rules of that edition.

#![allow(missing_docs, unused_assignments, dropping_copy_types)] // what is tested is when things are dropped

use std::cell::RefCell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use otel_runtime::testing::Capture;

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Says when it is dropped.
struct Noisy(&'static str);

impl Noisy {
    fn touch(&self) -> Temporary<'_> {
        Temporary(self)
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        say(self.0);
    }
}

/// Borrows and says when it is dropped.
struct Temporary<'a>(&'a Noisy);

impl Temporary<'_> {
    fn number(&self) -> u32 {
        self.0.0.len() as u32
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        say("temporary");
    }
}

struct Pair {
    left: Noisy,
    right: Noisy,
}

fn say(what: &'static str) {
    LOG.with_borrow_mut(|log| log.push(what));
}

/// Pending once.
struct Pause(bool);

fn pause() -> Pause {
    Pause(false)
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

/// What is said while `work` runs and everything it made is dropped.
fn log_of(work: impl FnOnce()) -> Vec<&'static str> {
    LOG.take();
    work();
    LOG.take()
}

/// Polls so many times, then drops the future.
fn poll_times<F: Future>(future: F, times: usize) {
    let mut future = pin!(future);
    for _ in 0..times {
        if future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
        {
            say("ready");
            return;
        }
        say("pending");
    }
    say("cancelled");
}

macro_rules! functions {
    ($(#[$traced:meta])?) => {
        use super::*;

        $(#[$traced])?
        pub(super) async fn used(a: Noisy, b: Noisy, c: Noisy) {
            say("body");
            pause().await;
            let _ = (&a, &b, &c);
        }

        $(#[$traced])?
        #[allow(unused_variables)]
        pub(super) async fn unused(a: Noisy, b: Noisy, c: Noisy) {
            say("body");
            pause().await;
        }

        $(#[$traced])?
        #[allow(unused_variables)]
        pub(super) async fn some_unused(a: Noisy, b: Noisy, c: Noisy) {
            say("body");
            let _ = &b;
            pause().await;
            let _ = &c;
        }

        $(#[$traced])?
        pub(super) async fn wild(a: Noisy, _: Noisy, c: Noisy) {
            pause().await;
            let _ = (&c, &a);
        }

        $(#[$traced])?
        pub(super) async fn underscored(_a: Noisy, _b: Noisy) {
            pause().await;
        }

        $(#[$traced])?
        pub(super) async fn moved(a: Noisy, b: Noisy, c: Noisy) {
            drop(b);
            pause().await;
            let _ = (&a, &c);
        }

        $(#[$traced])?
        pub(super) async fn moved_late(a: Noisy, b: Noisy, c: Noisy) {
            let _ = (&a, &c);
            pause().await;
            drop(b);
            say("moved");
        }

        $(#[$traced])?
        pub(super) async fn partly_moved(a: Noisy, pair: Pair, c: Noisy) {
            drop(pair.right);
            pause().await;
            let _ = (&a, &c, &pair.left);
        }

        $(#[$traced])?
        pub(super) async fn tuple(a: Noisy, (b, c): (Noisy, Noisy), d: Noisy) {
            pause().await;
            let _ = (&a, &b, &c, &d);
        }

        $(#[$traced])?
        pub(super) async fn tuple_with_rest(a: Noisy, (b, ..): (Noisy, Noisy), d: Noisy) {
            pause().await;
            let _ = (&a, &b, &d);
        }

        $(#[$traced])?
        pub(super) async fn structs(a: Noisy, Pair { left, right: _ }: Pair, (d, _): (Noisy, Noisy)) {
            pause().await;
            let _ = (&a, &left, &d);
        }

        $(#[$traced])?
        pub(super) async fn locals(a: Noisy, mut b: Noisy) {
            let inner = Noisy("inner");
            pause().await;
            b = Noisy("assigned");
            let _ = (&a, &b, &inner);
            pause().await;
        }

        $(#[$traced])?
        pub(super) async fn early(a: Noisy, b: Noisy) -> u32 {
            if a.0.len() == 1 {
                return 1;
            }
            pause().await;
            b.0.len() as u32
        }

        $(#[$traced])?
        pub(super) async fn tail(a: Noisy, b: Noisy) -> u32 {
            let inner = Noisy("inner");
            let _ = &b;
            pause().await;
            let _ = &inner;
            a.touch().number()
        }

        $(#[$traced])?
        #[allow(unused_variables)]
        pub(super) async fn tail_and_unused(a: Noisy, b: Noisy) -> u32 {
            pause().await;
            a.touch().number()
        }

        $(#[$traced])?
        pub(super) fn sync_plain(a: Noisy, _: Noisy, (c, _): (Noisy, Noisy)) -> u32 {
            let inner = Noisy("inner");
            let _ = (&inner, &c);
            a.touch().number()
        }

        $(#[$traced])?
        pub(super) fn sync_result(a: Noisy, _: Noisy, (c, _): (Noisy, Noisy), d: Noisy) -> Result<u32, ()> {
            let inner = Noisy("inner");
            drop(d);
            let _ = (&inner, &c);
            Ok(a.touch().number())
        }

        $(#[$traced])?
        #[allow(unused_variables)]
        pub(super) fn sync_unused(a: Noisy, b: Noisy, _c: Noisy) -> Result<u32, ()> {
            let inner = Noisy("inner");
            if b.touch().number() == 7 {
                Err(())?;
            }
            Ok(b.touch().number())
        }

        $(#[$traced])?
        pub(super) fn eager(a: Noisy, b: Noisy) -> impl Future<Output = u32> {
            say("eager");
            drop(b);
            async move {
                pause().await;
                a.touch().number()
            }
        }

        $(#[$traced])?
        pub(super) fn boxed(a: Noisy, b: Noisy) -> Pin<Box<dyn Future<Output = u32>>> {
            say("eager");
            drop(b);
            Box::pin(async move {
                let _whole = &a;
                pause().await;
                a.touch().number()
            })
        }
    };
}

mod bare {
    functions!();
}

mod annotated {
    functions!(#[otel_runtime::traced]);
}

fn two(first: &'static str, second: &'static str) -> (Noisy, Noisy) {
    (Noisy(first), Noisy(second))
}

fn pair() -> Pair {
    Pair {
        left: Noisy("left"),
        right: Noisy("right"),
    }
}

macro_rules! asynchronous {
    ($($name:ident($($arg:expr),*);)*) => {$(
        #[test]
        fn $name() {
            for polls in 0..4 {
                let bare = log_of(|| poll_times(bare::$name($($arg),*), polls));
                let annotated = log_of(|| poll_times(annotated::$name($($arg),*), polls));
                assert_eq!(annotated, bare, "after {polls} polls");
                let capture = Capture::start();
                let recorded = log_of(|| poll_times(annotated::$name($($arg),*), polls));
                assert_eq!(recorded, bare, "recorded, after {polls} polls");
                assert_eq!(capture.finish().len(), usize::from(polls > 0));
            }
        }
    )*};
}

asynchronous! {
    used(Noisy("a"), Noisy("b"), Noisy("c"));
    unused(Noisy("a"), Noisy("b"), Noisy("c"));
    some_unused(Noisy("a"), Noisy("b"), Noisy("c"));
    wild(Noisy("a"), Noisy("b"), Noisy("c"));
    underscored(Noisy("a"), Noisy("b"));
    moved(Noisy("a"), Noisy("b"), Noisy("c"));
    moved_late(Noisy("a"), Noisy("b"), Noisy("c"));
    partly_moved(Noisy("a"), pair(), Noisy("c"));
    tuple(Noisy("a"), two("b", "c"), Noisy("d"));
    tuple_with_rest(Noisy("a"), two("b", "c"), Noisy("d"));
    structs(Noisy("a"), pair(), two("d", "e"));
    locals(Noisy("a"), Noisy("b"));
    early(Noisy("a"), Noisy("b"));
    tail(Noisy("a"), Noisy("b"));
    tail_and_unused(Noisy("a"), Noisy("b"));
    eager(Noisy("a"), Noisy("b"));
    boxed(Noisy("a"), Noisy("b"));
}

macro_rules! synchronous {
    ($($name:ident($($arg:expr),*);)*) => {$(
        #[test]
        fn $name() {
            let bare = log_of(|| drop(bare::$name($($arg),*)));
            let annotated = log_of(|| drop(annotated::$name($($arg),*)));
            assert_eq!(annotated, bare);
            let capture = Capture::start();
            let recorded = log_of(|| drop(annotated::$name($($arg),*)));
            assert_eq!(recorded, bare, "recorded");
            assert_eq!(capture.finish().len(), 1);
        }
    )*};
}

synchronous! {
    sync_plain(Noisy("a"), Noisy("b"), two("c", "d"));
    sync_result(Noisy("a"), Noisy("b"), two("c", "d"), Noisy("e"));
    sync_unused(Noisy("a"), Noisy("b"), Noisy("c"));
}
