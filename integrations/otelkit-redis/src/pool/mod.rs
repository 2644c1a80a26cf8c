//! Pools: their connections are recorded, and it is counted what they wait for.
//!
//! | pool of | feature | here |
//! |---|---|---|
#![cfg_attr(
    feature = "bb8",
    doc = "| [`bb8`](::bb8), and so `bb8-redis` | `bb8` | [`Pool`] |"
)]
#![cfg_attr(
    feature = "deadpool",
    doc = "| [`deadpool`](::deadpool), and so `deadpool-redis` | `deadpool` | [`Pool`] |"
)]
#![cfg_attr(feature = "r2d2", doc = "| [`r2d2`](::r2d2) | `r2d2` | [`r2d2`] |")]

#[cfg(any(feature = "bb8", feature = "deadpool"))]
mod asynchronous;
#[cfg(feature = "bb8")]
mod bb8;
#[cfg(feature = "deadpool")]
mod deadpool;
#[cfg(any(feature = "bb8", feature = "deadpool"))]
mod lent;
#[cfg(feature = "r2d2")]
pub mod r2d2;

#[cfg(any(feature = "bb8", feature = "deadpool"))]
pub use asynchronous::{Pool, Pooling};
#[cfg(any(feature = "bb8", feature = "deadpool"))]
pub use lent::Lent;
