//! How much stack a call takes, and how much of it the annotation takes.
//!
//! Measured is the distance between the same variable of two calls in a row, one inside of the
//! other: a frame of the function, and of whatever stands between a frame and the next.

#![cfg(target_arch = "x86_64")] // others have frames of other sizes
#![allow(missing_docs)] // a test has no readers of its documentation

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use otel_runtime::testing::Capture;

const CALLS: usize = 10;

type Addresses = [usize; CALLS];

macro_rules! functions {
    ($name:ident $(#[$traced:meta])?) => {
        mod $name {
            use super::*;

            $(#[$traced])?
            #[inline(never)]
            pub(super) fn plain(depth: usize, seen: &mut Addresses) {
                let here = 0_u8;
                seen[depth] = black_box(&raw const here).addr();
                if depth + 1 < CALLS {
                    plain(depth + 1, seen);
                }
                black_box(&here);
            }

            $(#[$traced])?
            #[inline(never)]
            pub(super) fn fallible(depth: usize, seen: &mut Addresses) -> Result<u32, String> {
                let here = 0_u8;
                seen[depth] = black_box(&raw const here).addr();
                if depth + 1 < CALLS {
                    fallible(depth + 1, seen)?;
                }
                black_box(&here);
                Ok(1)
            }

            pub(super) mod levels {
                use super::*;

                $(#[$traced])?
                pub(crate) async fn level0(seen: &mut Addresses) -> u32 {
                    let here = 0_u8;
                    seen[0] = black_box(&raw const here).addr();
                    1
                }
                functions!(@level level1 level0 1 $(#[$traced])?);
                functions!(@level level2 level1 2 $(#[$traced])?);
                functions!(@level level3 level2 3 $(#[$traced])?);
                functions!(@level level4 level3 4 $(#[$traced])?);
                functions!(@level level5 level4 5 $(#[$traced])?);
                functions!(@level level6 level5 6 $(#[$traced])?);
                functions!(@level level7 level6 7 $(#[$traced])?);
                functions!(@level level8 level7 8 $(#[$traced])?);
                functions!(@level level9 level8 9 $(#[$traced])?);
            }
        }
    };
    (@level $name:ident $inner:ident $depth:literal $(#[$traced:meta])?) => {
        $(#[$traced])?
        pub(crate) async fn $name(seen: &mut Addresses) -> u32 {
            let value = $inner(seen).await;
            let here = 0_u8;
            seen[$depth] = black_box(&raw const here).addr();
            value + 1
        }
    };
}

functions!(bare);
functions!(annotated #[otel_runtime::traced]);

/// Bytes from each call to the next.
fn frames(call: impl FnOnce(&mut Addresses)) -> Vec<usize> {
    let capture = Capture::start();
    let mut seen = Addresses::default();
    call(&mut seen);
    drop(capture.finish());
    seen.windows(2)
        .map(|pair| pair[0].abs_diff(pair[1]))
        .collect()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits for nothing"),
    }
}

/// Asserts that an annotated call takes so many bytes more than a bare one, at most.
#[track_caller]
fn takes_at_most(
    more: usize,
    bare: impl FnOnce(&mut Addresses),
    annotated: impl FnOnce(&mut Addresses),
) {
    let (bare, annotated) = (frames(bare), frames(annotated));
    println!("{bare:?} -> {annotated:?}");
    for (bare, annotated) in bare.iter().zip(&annotated) {
        assert!(annotated - bare <= more, "{bare} became {annotated}");
    }
}

#[test]
fn a_call_takes_less_than_96_bytes_of_stack_more() {
    takes_at_most(
        95,
        |seen| bare::plain(0, seen),
        |seen| annotated::plain(0, seen),
    );
}

/// The body stands in a closure of its own, and its result is looked at.
#[test]
fn a_call_that_can_fail_takes_160_bytes_of_stack_more() {
    let most = if cfg!(debug_assertions) { 160 } else { 144 };
    takes_at_most(
        most,
        |seen| drop(bare::fallible(0, seen)),
        |seen| drop(annotated::fallible(0, seen)),
    );
}

macro_rules! sizes {
    ($module:ident: $($level:ident)*) => {
        [$(size_of_val(&$module::levels::$level(&mut Addresses::default()))),*]
    };
}

macro_rules! all_sizes {
    ($module:ident) => {
        sizes!($module: level0 level1 level2 level3 level4 level5 level6 level7 level8 level9)
    };
}

#[test]
fn ten_futures_in_each_other_grow_by_96_bytes_each() {
    let (bare, annotated) = (all_sizes!(bare), all_sizes!(annotated));
    println!("{bare:?} -> {annotated:?}");
    for (level, (bare, annotated)) in bare.iter().zip(annotated).enumerate() {
        let more = annotated - bare;
        assert!(
            more <= 96 * (level + 1),
            "level {level}: {bare} became {annotated}"
        );
    }
}

/// A poll that is not optimised moves the future inside a few times, each time in its own frame.
#[test]
fn the_stack_of_a_poll_grows_by_the_same_with_each_level() {
    let sizes = all_sizes!(annotated);
    let frames = frames(|seen| assert_eq!(run(annotated::levels::level9(seen)), 10));
    println!("{frames:?}");
    for pair in frames.windows(2) {
        assert!(pair[1] <= pair[0] + 5 * (sizes[1] - sizes[0]), "{frames:?}");
    }
}

/// Names of types are what the compiler's work grows with.
#[test]
fn the_type_of_a_future_does_not_name_those_inside() {
    let seen = &mut Addresses::default();
    let innermost = std::any::type_name_of_val(&annotated::levels::level0(seen)).len();
    let outermost = std::any::type_name_of_val(&annotated::levels::level9(seen)).len();
    assert_eq!(outermost, innermost);
}
