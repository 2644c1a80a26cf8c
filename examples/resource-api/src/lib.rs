//! OtelKit's example: resources with dependencies on each other, kept in SQLite, and traced.
//!
//! The data's way is the order of the modules:
//!
//! ```text
//! command   what a person asks for: `import Cargo.lock`
//!   │ └─► lockfile    Cargo.lock ──► packages and edges        (sync)
//!   ▼
//! service   create, get, update, delete, search, cycles        (async)
//!   │ └─► validation  is this a resource we accept?            (sync)
//!   ▼
//! storage   SQL, transactions, the schema                      (async)
//! ```
//!
//! `telemetry` stands beside them: it collects the spans that the others
//! record, and shows them as a tree.

pub mod command;
pub mod lockfile;
pub mod model;
pub mod service;
pub mod storage;
pub mod telemetry;
pub mod validation;
