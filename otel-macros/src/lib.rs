//! The attribute macros of OtelKit; use them through the `otel-runtime` crate.
