//! Programs that the tasks need: found, installed, or pointed out with the command that brings them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::call::{Call, root, target_dir};
use crate::steps::Outcome;

/// Tells tests which Python has the packages of [`RECEIVERS`].
pub(crate) const PYTHON_VARIABLE: &str = "OTELKIT_PYTHON";

/// The receivers that tests send to, and that are not ours.
const RECEIVERS: &str = "tests/receivers/requirements.txt";

/// The servers that tests start for themselves: what is asked to see whether one is there, and the
/// package that brings it.
const SERVERS: [(&str, &str, &str); 3] = [
    ("Redis", "redis-server --version", "redis-server"),
    (
        "PostgreSQL",
        "ls /usr/lib/postgresql/*/bin/initdb || initdb --version",
        "postgresql",
    ),
    ("MariaDB", "mariadbd --version", "mariadb-server"),
];

pub(crate) fn has_nextest() -> bool {
    Call::line("cargo nextest --version").succeeds()
}

/// What `cargo xtask test` needs.
pub(crate) fn ensure_for_tests() -> Result<Outcome, String> {
    ensure("cargo fmt --version", "rustup component add rustfmt")?;
    ensure("cargo clippy --version", "rustup component add clippy")?;
    if !Call::line("cc --version").succeeds() {
        ensure_debian("cc --version", "build-essential")?;
    }
    let mut left_out = Vec::new();
    if !has_nextest() {
        let install = "cargo install --locked cargo-nextest";
        println!("cargo-nextest is not here: `cargo test` takes its place ({install})");
    }
    if let Err(why) = ensure_receivers() {
        if is_ci() {
            return Err(why);
        }
        left_out.push(format!("tests against receivers that are not ours: {why}"));
    }
    if let Err(why) = ensure_debian("prometheus --version && promtool --version", "prometheus") {
        if is_ci() {
            return Err(why);
        }
        left_out.push(format!("tests against a real Prometheus: {why}"));
    }
    for (server, probe, package) in SERVERS {
        if let Err(why) = ensure_debian(probe, package) {
            if is_ci() {
                return Err(why);
            }
            left_out.push(format!("tests against a real {server}: {why}"));
        }
    }
    Ok(if left_out.is_empty() {
        Outcome::Passed
    } else {
        Outcome::PassedWithout(left_out)
    })
}

/// The Python of the tests' own environment, made if need be.
pub(crate) fn python() -> PathBuf {
    target_dir().join("python/bin/python")
}

/// A Python environment under the target directory, with the packages that the receivers need.
fn ensure_receivers() -> Result<(), String> {
    let wanted = match fs::read_to_string(root().join(RECEIVERS)) {
        Ok(wanted) => wanted,
        Err(_) => return Ok(()),
    };
    let home = target_dir().join("python");
    let done = home.join("installed.txt");
    if fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    ensure_debian("python3 -c 'import ensurepip'", "python3-venv")?;
    Call::line("python3 -m venv").args([text(&home)]).run()?;
    Call::new(text(&python()))
        .args(["-m", "pip", "install", "--quiet", "-r", RECEIVERS])
        .run()?;
    fs::write(&done, wanted).map_err(|e| format!("{}: {e}", done.display()))
}

/// A nightly toolchain with the components named.
pub(crate) fn ensure_nightly(components: &[&str]) -> Result<(), String> {
    ensure(
        "cargo +nightly --version",
        "rustup toolchain install nightly --profile minimal",
    )?;
    if components.is_empty() {
        return Ok(());
    }
    Call::line("rustup component add --toolchain nightly")
        .args(components)
        .run()
}

/// A cargo subcommand from crates.io; unoptimised, since it is built for longer than it runs.
pub(crate) fn ensure_cargo_tool(package: &str, probe: &str) -> Result<(), String> {
    ensure(probe, &format!("cargo install --locked --debug {package}"))
}

/// A program from Debian's packages. Installed in CI only: elsewhere the machine is someone's own.
pub(crate) fn ensure_debian(probe: &str, package: &str) -> Result<(), String> {
    if Call::shell(probe).succeeds() {
        return Ok(());
    }
    if !is_ci() {
        return Err(format!(
            "`{probe}` fails; to mend it: apt-get install {package}"
        ));
    }
    Call::line("apt-get update --quiet").run()?;
    without_services(|| {
        Call::line("apt-get install --quiet --yes --no-install-recommends")
            .args([package])
            .env("DEBIAN_FRONTEND", "noninteractive".to_owned())
            .run()
    })
}

/// Installs without starting anything: a test starts its own server. Debian asks [this file] whether
/// it may; where there is one already, as in containers, it decides.
///
/// [this file]: https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
fn without_services(install: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    let policy = Path::new("/usr/sbin/policy-rc.d");
    if policy.exists() {
        return install();
    }
    fs::write(policy, "#!/bin/sh\nexit 101\n")
        .map_err(|error| format!("{}: {error}", policy.display()))?;
    let installed = Call::line("chmod 755 /usr/sbin/policy-rc.d")
        .run()
        .and_then(|()| install());
    // It is ours, and nobody is to find it later.
    let removed = fs::remove_file(policy).map_err(|error| format!("{}: {error}", policy.display()));
    installed.and(removed)
}

/// Runs `install` unless `probe` succeeds.
fn ensure(probe: &str, install: &str) -> Result<(), String> {
    if Call::line(probe).succeeds() {
        Ok(())
    } else {
        Call::line(install).run()
    }
}

fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
