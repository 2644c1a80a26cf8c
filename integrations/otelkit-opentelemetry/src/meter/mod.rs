//! Metrics of libraries, counted in cells of each thread as the runtime's own are.

mod attributes;
mod instrument;
mod name;
mod observable;
mod provider;

pub use provider::MeterProvider;
