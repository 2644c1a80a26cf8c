//! Which crates, and how their sources get here: through cargo's own registry cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A crate that others wrote.
pub(crate) struct Foreign {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// What `cargo test` needs to know.
    pub(crate) arguments: &'static [&'static str],
}

/// Small and large, sync and async, safe and unsafe, with macros and without.
pub(crate) const CRATES: &[Foreign] = &[
    foreign("itoa", "1.0.15", &["--tests"]),
    foreign("hex", "0.4.3", &[]),
    foreign("semver", "1.0.26", &["--tests"]),
    foreign("fastrand", "2.3.0", &[]),
    foreign("percent-encoding", "2.3.1", &[]),
    foreign("httparse", "1.10.1", &[]),
    foreign("smallvec", "1.15.1", &[]),
    foreign("either", "1.15.0", &[]),
    foreign("bytes", "1.10.1", &["--tests"]),
    foreign("arrayvec", "0.7.6", &["--tests"]),
    foreign("unicode-segmentation", "1.12.0", &[]),
    foreign("memchr", "2.7.5", &[]),
    foreign("slab", "0.4.11", &["--tests"]),
    foreign("futures-lite", "2.6.1", &[]),
    foreign("async-channel", "2.5.0", &["--tests"]),
    foreign("async-lock", "3.4.1", &["--tests"]),
    foreign("async-broadcast", "0.7.2", &["--tests"]),
    foreign("tower-service", "0.3.3", &[]),
    foreign("indexmap", "2.11.0", &["--tests"]),
    foreign("url", "2.5.4", &[]),
];

const fn foreign(
    name: &'static str,
    version: &'static str,
    arguments: &'static [&'static str],
) -> Foreign {
    Foreign {
        name,
        version,
        arguments,
    }
}

/// Puts a fresh copy of the crate's sources into `work`.
pub(crate) fn unpack(foreign: &Foreign, work: &Path) -> Result<PathBuf, String> {
    let Foreign { name, version, .. } = foreign;
    let fetch = work.join("fetch").join(name);
    fs::create_dir_all(fetch.join("src")).map_err(|error| error.to_string())?;
    let manifest = format!(
        "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [workspace]\n[dependencies]\n{name} = \"={version}\"\n"
    );
    write(&fetch.join("Cargo.toml"), &manifest)?;
    write(&fetch.join("src/lib.rs"), "")?;
    run(Command::new("cargo")
        .arg("vendor")
        .arg("--quiet")
        .arg("vendor")
        .current_dir(&fetch))?;
    let folder = work.join("crates").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    copy(&fetch.join("vendor").join(name), &folder)?;
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(|error| error.to_string())?;
    write(&manifest, &format!("{text}\n[workspace]\n"))?;
    Ok(folder)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| error.to_string())?;
    for entry in fs::read_dir(from).map_err(|error| error.to_string())? {
        let from = entry.map_err(|error| error.to_string())?.path();
        let to = to.join(from.file_name().unwrap_or_default());
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(&from, &to).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| error.to_string())
}
