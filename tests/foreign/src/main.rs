//! `cargo run -p otelkit-foreign [NAME ..]`: downloads crates that others wrote, annotates every
//! function of theirs with `#[traced]`, and runs their own unit and integration tests.
//!
//! Functions that macros of theirs make, and `const fn`, stay as they are. A crate that fails is
//! tested bare as well, so that only what the annotations change counts.

mod annotate;
mod crates;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crates::{CRATES, Foreign};

/// What became of one crate.
enum Verdict {
    /// So many functions are annotated, and every test passes.
    Passed { annotated: usize },
    /// Its tests fail without us already.
    FailsBare(String),
    /// It does not compile, or a test fails, once it is annotated.
    Failed { annotated: usize, output: String },
}

fn main() -> ExitCode {
    let wanted: Vec<String> = env::args().skip(1).collect();
    let is_wanted =
        |foreign: &&Foreign| wanted.is_empty() || wanted.iter().any(|name| name == foreign.name);
    let work = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/foreign");
    let mut failed = 0;
    for foreign in CRATES.iter().filter(is_wanted) {
        let name = foreign.name;
        match check(foreign, &work) {
            Ok(Verdict::Passed { annotated }) => println!("{name}: passed, {annotated} functions"),
            Ok(Verdict::FailsBare(output)) => println!("{name}: fails without us\n{output}"),
            Ok(Verdict::Failed { annotated, output }) => {
                failed += 1;
                println!("{name}: FAILED, {annotated} functions\n{output}");
            }
            Err(error) => {
                failed += 1;
                println!("{name}: FAILED, {error}");
            }
        }
    }
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn check(foreign: &Foreign, work: &Path) -> Result<Verdict, String> {
    let target = work.join("target");
    let folder = crates::unpack(foreign, work)?;
    let annotated = annotate::all(&folder.join("src"))?;
    add_runtime(&folder)?;
    let Err(output) = test(foreign, &folder, &target) else {
        return Ok(Verdict::Passed { annotated });
    };
    let bare = crates::unpack(foreign, work)?;
    Ok(match test(foreign, &bare, &target) {
        Ok(()) => Verdict::Failed { annotated, output },
        Err(output) => Verdict::FailsBare(output),
    })
}

/// Runs the crate's unit and integration tests.
fn test(foreign: &Foreign, folder: &Path, target: &Path) -> Result<(), String> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["test", "--quiet", "--lib"])
        .args(foreign.arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTFLAGS", "--cap-lints=warn")
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    Err(String::from_utf8_lossy(&text).into_owned())
}

/// Makes the crate depend on the runtime.
fn add_runtime(folder: &Path) -> Result<(), String> {
    let manifest = folder.join("Cargo.toml");
    let runtime: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../otel-runtime");
    let mut text = std::fs::read_to_string(&manifest).map_err(|error| error.to_string())?;
    text.push_str(&format!(
        "\n[dependencies.otel-runtime]\npath = {runtime:?}\ndefault-features = false\n"
    ));
    std::fs::write(manifest, text).map_err(|error| error.to_string())
}
