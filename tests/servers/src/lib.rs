//! Real servers for tests: each is a value that starts its own instance in a directory of its own, on
//! a free port of 127.0.0.1, and stops it by its process id when it is dropped.
//!
//! Where the program is missing, the test says which Debian package brings it and goes on without;
//! under `CI` that is a failure.

mod account;
pub mod mariadb;
pub mod postgres;
mod process;
pub mod redis;

pub use process::free_port;
