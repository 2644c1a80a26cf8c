//! What an annotation must not change about a future: its auto traits, and nearly its size.
//!
//! Each function is compiled bare, and with each annotation.

#![allow(missing_docs, dead_code, dropping_copy_types, clippy::drop_non_drop)] // both are asked for by what is tested

use std::cell::Cell;
use std::future::Future;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::rc::Rc;

/// Autoref specialisation: true if the trait is implemented.
macro_rules! implements {
    ($value:expr, $trait:path) => {{
        struct Probe<T>(T);
        trait No {
            fn answer(&self) -> bool {
                false
            }
        }
        impl<T> No for &Probe<T> {}
        trait Yes {
            fn answer(&self) -> bool {
                true
            }
        }
        impl<T: $trait> Yes for Probe<T> {}
        (&Probe($value)).answer()
    }};
}

macro_rules! functions {
    ($(#[$annotation:meta])*) => {
        use super::*;

        $(#[$annotation])*
        pub(super) async fn plain() {
            std::future::ready(()).await;
        }

        $(#[$annotation])*
        pub(super) async fn not_send(a: Rc<u8>) {
            std::future::ready(()).await;
            drop(a);
        }

        $(#[$annotation])*
        pub(super) async fn not_sync(a: Cell<u8>) {
            std::future::ready(()).await;
            drop(a);
        }

        $(#[$annotation])*
        pub(super) async fn not_unwind_safe(a: &mut u8) {
            std::future::ready(()).await;
            *a += 1;
        }

        $(#[$annotation])*
        pub(super) async fn fallible(a: u64) -> Result<u64, String> {
            std::future::ready(()).await;
            Ok(a)
        }

        $(#[$annotation])*
        pub(super) async fn large(a: [u8; 2048]) -> usize {
            std::future::ready(()).await;
            a.len()
        }

        $(#[$annotation])*
        pub(super) async fn two_large(a: [u8; 2048], b: [u8; 1024]) -> usize {
            std::future::ready(()).await;
            let first = a.len();
            std::future::ready(()).await;
            first + b.len()
        }

        $(#[$annotation])*
        pub(super) fn ready() -> impl Future<Output = u8> {
            std::future::ready(1)
        }

        $(#[$annotation])*
        pub(super) fn boxed() -> Pin<Box<dyn Future<Output = u8> + Send>> {
            Box::pin(async { 1 })
        }
    };
}

mod bare {
    functions!();
}

mod annotated {
    functions!(#[otel_runtime::traced]);
}

mod counted {
    functions!(#[otel_runtime::metered]);
}

mod stacked {
    functions!(#[otel_runtime::traced] #[otel_runtime::metered]);
}

mod with_fields {
    #[otel_runtime::traced(fields(a, b, c = 1))]
    pub(super) async fn three(a: u64, b: bool) -> Result<u64, String> {
        std::future::ready(()).await;
        Ok(a + u64::from(b))
    }
}

macro_rules! both {
    ($($name:ident($($arg:expr),*);)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn keeps_its_auto_traits() {
                macro_rules! same {
                    ($trait:path) => {
                        let bare = implements!(super::bare::$name($($arg),*), $trait);
                        assert_eq!(
                            [
                                implements!(super::annotated::$name($($arg),*), $trait),
                                implements!(super::counted::$name($($arg),*), $trait),
                                implements!(super::stacked::$name($($arg),*), $trait),
                            ],
                            [bare; 3],
                            stringify!($trait)
                        );
                    };
                }
                same!(Send);
                same!(Sync);
                same!(Unpin);
                same!(UnwindSafe);
                same!(RefUnwindSafe);
            }

            #[test]
            fn grows_by_96_bytes_at_most() {
                let annotated = size_of_val(&super::annotated::$name($($arg),*));
                let bare = size_of_val(&super::bare::$name($($arg),*));
                println!("{}: {bare} -> {annotated}: +{}", stringify!($name), annotated - bare);
                assert!(annotated - bare <= 96, "{bare} became {annotated}");
            }

            #[test]
            fn grows_by_128_bytes_at_most_where_calls_are_counted() {
                let counted = size_of_val(&super::counted::$name($($arg),*));
                let stacked = size_of_val(&super::stacked::$name($($arg),*));
                let bare = size_of_val(&super::bare::$name($($arg),*));
                println!("{}: {bare} -> {counted}, {stacked}", stringify!($name));
                assert!(counted.max(stacked) - bare <= 128, "{bare} became {counted}, {stacked}");
            }
        }
    )*};
}

both! {
    plain();
    not_send(Rc::new(1));
    not_sync(Cell::new(1));
    not_unwind_safe(&mut 1);
    fallible(1);
    large([0; 2048]);
    two_large([0; 2048], [0; 1024]);
    ready();
    boxed();
}

#[test]
fn each_field_adds_a_slot_of_16_bytes() {
    let bare = size_of_val(&bare::fallible(1));
    let annotated = size_of_val(&with_fields::three(1, true));
    println!("three fields: {bare} -> {annotated}");
    assert!(
        annotated - bare <= 96 + 3 * 16 + 8,
        "{bare} became {annotated}"
    );
}
