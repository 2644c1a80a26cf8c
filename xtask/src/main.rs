//! The project's own tasks. `cargo xtask` without a task lists them.

#[cfg(test)]
mod architecture;
mod bench;
mod call;
mod ci;
#[cfg(test)]
mod links;
mod steps;
mod test;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <task>

  test             everything a change must pass: format, lints, unit, integration, doc and UI tests
  test <step>...   only those steps (see `cargo xtask test --list`)
  ci               what only the project's CI runs on top: loom, Miri, fuzzing, packages, other targets
  ci <step>...     only those steps (see `cargo xtask ci --list`)
  bench [<group>]  OtelKit beside its peers (--json, --quick)
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match words.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", &[][..]),
    };
    let result = match task {
        "test" => test::run(rest),
        "ci" => ci::run(rest),
        "bench" => bench::run(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        unknown => Err(format!("there is no task `{unknown}`\n\n{USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}
