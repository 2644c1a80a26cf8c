//! Build time and code size per annotated function.
//!
//! For each library a crate of many annotated functions is written and built
//! again and again; what it takes above the same crate without annotations,
//! divided by the number of functions, is the figure. Dependencies are built
//! before and do not count. The code is what stands in the crate's own object
//! file, so that a library's own functions do not count, and its generic ones do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::build::{Library, bench_target_dir, median};
use super::report::Row;
use super::{Group, Options, elf};
use crate::call::root;

/// Measures all libraries, in turn; `show` gets the rows at the end.
pub(crate) fn run(options: &Options, mut show: impl FnMut(Vec<Row>)) -> Result<(), String> {
    // A thousand functions take some libraries a minute; their seconds differ little between
    // rounds, whose number is therefore small.
    let (functions, rounds) = if options.quick { (100, 1) } else { (1000, 3) };
    let mut crates = [Library::Bare]
        .into_iter()
        .chain(options.libraries(Group::Compile))
        .map(|library| Annotated::write(library, functions))
        .collect::<Result<Vec<_>, _>>()?;
    for annotated in &mut crates {
        eprintln!("compile: {} without a watch", annotated.library.name());
        annotated.cargo(&["check"])?;
        annotated.release()?;
    }
    for round in 1..=rounds {
        for annotated in &mut crates {
            let library = annotated.library.name();
            let check = annotated.timed(|annotated| annotated.cargo(&["check"]))?;
            annotated.check_seconds.push(check);
            let release = annotated.timed(Annotated::release)?;
            annotated.release_seconds.push(release);
            eprintln!(
                "compile: round {round} of {rounds}: {library}: check {check:.2} s, \
                 release {release:.2} s"
            );
        }
    }
    let (bare, others) = crates.split_first_mut().ok_or("no crate")?;
    let (bare_check, bare_release) = bare.seconds();
    let bare_code = bare.object()?;
    let per_function = |value: f64| value / f64::from(functions);
    let row = |annotated: &mut Annotated| {
        let (check, release) = annotated.seconds();
        let code = annotated.object()?;
        let mut row = Row::new("compile", annotated.library, 1);
        row.more = vec![
            (
                "check_ms_per_function",
                per_function((check - bare_check) * 1e3),
            ),
            (
                "release_ms_per_function",
                per_function((release - bare_release) * 1e3),
            ),
            (
                "code_bytes_per_function",
                per_function(code.code - bare_code.code),
            ),
            (
                "data_bytes_per_function",
                per_function(code.data - bare_code.data),
            ),
            ("check_ratio", check / bare_check),
            ("functions", f64::from(functions)),
        ];
        Ok::<_, String>(row)
    };
    show(others.iter_mut().map(row).collect::<Result<_, _>>()?);
    Ok(())
}

/// A crate of annotated functions.
struct Annotated {
    library: Library,
    folder: PathBuf,
    check_seconds: Vec<f64>,
    release_seconds: Vec<f64>,
}

impl Annotated {
    fn write(library: Library, functions: u32) -> Result<Self, String> {
        let folder = bench_target_dir().join("compile").join(library.name());
        let source = folder.join("src");
        fs::create_dir_all(&source).map_err(|error| format!("{}: {error}", source.display()))?;
        let write = |path: &Path, text: &str| {
            fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
        };
        write(&folder.join("Cargo.toml"), &manifest(library))?;
        write(&source.join("lib.rs"), &functions_of(library, functions))?;
        // The versions that the other benchmarks use.
        let lock = root().join("benches/Cargo.lock");
        fs::copy(lock, folder.join("Cargo.lock")).map_err(|error| error.to_string())?;
        Ok(Self {
            library,
            folder,
            check_seconds: Vec::new(),
            release_seconds: Vec::new(),
        })
    }

    /// Seconds that cargo takes after a change of the crate, and of the crate only.
    fn timed(&self, build: impl Fn(&Self) -> Result<(), String>) -> Result<f64, String> {
        let source = self.folder.join("src/lib.rs");
        let text = fs::read(&source).map_err(|error| error.to_string())?;
        fs::write(&source, text).map_err(|error| error.to_string())?;
        let start = Instant::now();
        build(self)?;
        Ok(start.elapsed().as_secs_f64())
    }

    fn seconds(&mut self) -> (f64, f64) {
        (
            median(&mut self.check_seconds),
            median(&mut self.release_seconds),
        )
    }

    fn object(&self) -> Result<elf::Sizes, String> {
        elf::sizes(&fs::read(self.object_path()).map_err(|error| error.to_string())?)
    }

    /// Builds the crate in one piece, and keeps that piece to be looked at.
    fn release(&self) -> Result<(), String> {
        let emit = format!("--emit=obj={}", self.object_path().display());
        self.cargo(&["rustc", "--release", "--", "-Ccodegen-units=1", &emit])
    }

    fn object_path(&self) -> PathBuf {
        self.folder.join("functions.o")
    }

    fn cargo(&self, args: &[&str]) -> Result<(), String> {
        let mut cargo = Command::new("cargo");
        // Before the words: what follows a `--` among them is the compiler's.
        cargo.arg("--quiet").args(args).current_dir(&self.folder);
        cargo.env("CARGO_INCREMENTAL", "0");
        cargo.env("CARGO_TARGET_DIR", bench_target_dir());
        cargo.stdin(Stdio::null()).stdout(Stdio::null());
        match cargo.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!(
                "cargo {args:?} for {}: {status}",
                self.library.name()
            )),
            Err(error) => Err(format!("cannot start cargo: {error}")),
        }
    }
}

fn manifest(library: Library) -> String {
    let runtime = root().join("otel-runtime");
    let dependency = match library {
        Library::Bare => String::new(),
        Library::Otelkit => {
            format!("otel-runtime = {{ path = {runtime:?}, default-features = false }}")
        }
        Library::Fastrace => r#"fastrace = { version = "=0.7.19", features = ["enable"] }"#.into(),
        Library::OpenTelemetry => {
            r#"opentelemetry = { version = "0.33.1", default-features = false, features = ["trace"] }"#
                .into()
        }
        Library::Emit => r#"emit = { version = "=2.23.0", default-features = false, features = ["std", "implicit_rt"] }"#.into(),
        Library::TracingOpenTelemetry => r#"tracing = { version = "0.1.44", default-features = false, features = ["std", "attributes"] }"#.into(),
        library => unreachable!("{} makes no spans", library.name()),
    };
    format!(
        "[workspace]\n\n[package]\nname = \"annotated-{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n{dependency}\n\n[profile.release]\ndebug = \"line-tables-only\"\n",
        library.name()
    )
}

fn functions_of(library: Library, functions: u32) -> String {
    let attribute = match library {
        Library::Bare | Library::OpenTelemetry => "",
        Library::Otelkit => "#[otel_runtime::traced]",
        Library::Fastrace => "#[fastrace::trace]",
        Library::Emit => "#[emit::span(\"annotated\")]",
        Library::TracingOpenTelemetry => "#[tracing::instrument(skip_all)]",
        library => unreachable!("{} makes no spans", library.name()),
    };
    let mut text = String::from("#![allow(missing_docs)]\n");
    for number in 0..functions {
        let body = format!("std::hint::black_box(value) ^ {number}");
        let body = match library {
            // No attribute: what a user writes instead.
            Library::OpenTelemetry => format!(
                "opentelemetry::trace::Tracer::in_span(&opentelemetry::global::tracer(\"bench\"), \
                 \"annotated{number}\", |_context| {body})"
            ),
            _ => body,
        };
        text.push_str(&format!(
            "{attribute}\n#[inline(never)]\npub fn annotated{number}(value: u64) -> u64 {{\n    {body}\n}}\n"
        ));
    }
    text
}
