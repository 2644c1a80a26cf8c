//! `cargo xtask bench`: OtelKit beside its peers, in one process run each.

/// Runs the group named in `words`, or all of them.
pub(crate) fn run(_words: &[String]) -> Result<(), String> {
    Err("the benchmarks have not landed yet".to_owned())
}
