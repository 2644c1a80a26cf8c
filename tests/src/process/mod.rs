//! Whole processes: what a program does at its end, in a fork, with a thousand
//! threads, or with a receiver that fails.
//!
//! Behaviour that belongs to a whole process is shown by a child process: the
//! binary `subject` plays one scenario and prints what it saw as `key=value`
//! lines, and the test judges them.

pub mod child;
pub mod ending;
pub mod ledger;
pub mod memory;
pub mod site;
