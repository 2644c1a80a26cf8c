//! `cargo xtask ci`: what only the project's CI runs, on top of `cargo xtask test`.

mod checks;
mod proofs;
mod smoke;

use crate::steps::{self, Step};

const STEPS: &[Step] = &[
    Step::new(
        "features",
        "every feature by itself, and none",
        checks::features,
    ),
    Step::new("docs", "rustdoc, warnings denied", checks::docs),
    Step::new("deny", "licenses, sources and doubled crates", checks::deny),
    Step::new(
        "package",
        "what will be published builds from its package",
        checks::package,
    ),
    Step::new(
        "targets",
        "macOS, Windows and 64-bit Arm compile",
        checks::targets,
    ),
    Step::new(
        "optimised",
        "the stack that annotated functions take, optimised",
        proofs::optimised,
    ),
    Step::new(
        "lines",
        "ten million log lines that nobody takes, each counted",
        proofs::lines,
    ),
    Step::new(
        "foreign",
        "small crates of others, annotated, pass their own tests",
        smoke::foreign,
    ),
    Step::new(
        "loom",
        "every interleaving of the rings, of the cells and of registration",
        proofs::loom,
    ),
    Step::new(
        "miri",
        "no undefined behaviour under the unsafe code",
        proofs::miri,
    ),
    Step::new("fuzz", "a minute of hostile input", proofs::fuzz),
    Step::new("examples", "each example once", smoke::examples),
    Step::new("benches", "each benchmark once, quickly", smoke::benches),
];

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    steps::run("ci", STEPS, words)
}
