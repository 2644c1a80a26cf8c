//! OtelKit's example: resources with dependencies on each other, kept in a database, and observed.
//!
//! The data's way is the order of the modules:
//!
//! ```text
//! command   what a person asks for: `import Cargo.lock`, `serve`, `load`
//!   │ └─► lockfile    Cargo.lock ──► packages and edges        (sync)
//!   │ └─► server      both front doors: http, grpc             (async)
//!   ▼
//! service   create, get, update, delete, search, cycles        (async)
//!   │ └─► validation  is this a resource we accept?            (sync)
//!   │ └─► cache       resources by number, in Redis            (async)
//!   ▼
//! storage   SQL, transactions, the schema                      (async)
//! ```
//!
//! `telemetry` stands beside them: it collects the spans that the others
//! record, and shows them as a tree.

pub mod cache;
pub mod command;
pub mod grpc;
pub mod http;
pub mod lockfile;
pub mod model;
pub mod server;
pub mod service;
pub mod storage;
pub mod telemetry;
pub mod validation;
