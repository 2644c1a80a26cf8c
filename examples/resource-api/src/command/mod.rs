//! What a person can ask for on the command line.

mod error;
pub mod import;
pub mod load;
mod progress;

pub use error::CommandError;
pub use progress::Progress;
