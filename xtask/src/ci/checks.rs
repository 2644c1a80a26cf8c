//! What must compile, and what may be published.

use std::fs;
use std::time::SystemTime;

use crate::call::{Call, root, target_dir};
use crate::steps::Outcome;
use crate::tools;

/// The crates that are published, in the order of their publication.
const PUBLISHED: &str = "-p otel-sql -p otel-macros -p otel-runtime -p otelkit-http -p otelkit-tower -p otelkit-tonic -p otelkit-actix -p otelkit-reqwest -p otelkit-redis -p otelkit-sqlx -p otelkit-tracing -p otelkit-log -p otelkit-opentelemetry";

pub(super) fn features() -> Result<Outcome, String> {
    let lint = "cargo clippy -p otel-runtime --no-default-features --quiet";
    Call::line(&format!("{lint} -- -D warnings")).run()?;
    for feature in runtime_features()? {
        Call::line(&format!("{lint} --features {feature} -- -D warnings")).run()?;
    }
    Ok(Outcome::Passed)
}

pub(super) fn docs() -> Result<Outcome, String> {
    Call::line(&format!(
        "cargo doc {PUBLISHED} --no-deps --all-features --quiet"
    ))
    .env("RUSTDOCFLAGS", "-D warnings")
    .run()?;
    Ok(Outcome::Passed)
}

pub(super) fn deny() -> Result<Outcome, String> {
    tools::ensure_cargo_tool("cargo-deny", "cargo deny --version")?;
    Call::line("cargo deny --all-features check bans licenses sources").run()?;
    let advisories = "known vulnerabilities were not looked up: the advisory database is a git \
                      repository, and CI reaches package registries only (`cargo deny check advisories`)";
    Ok(Outcome::PassedWithout(vec![advisories.to_owned()]))
}

pub(super) fn package() -> Result<Outcome, String> {
    // On a developer's machine the tree may hold work in progress; in CI it is a clean clone.
    let dirty = if std::env::var_os("CI").is_some() {
        ""
    } else {
        " --allow-dirty"
    };
    // Cargo keeps what it unpacks from a directory's packages under the directory's path and the
    // package's version: in the same directory again, it would build on an older `otel-macros`.
    let fresh = target_dir().join(format!("package-{}", unix_seconds()));
    let call = format!("cargo package {PUBLISHED}{dirty}");
    let built = Call::line(&call)
        .env("CARGO_TARGET_DIR", fresh.display().to_string())
        .run();
    if fresh.exists() {
        fs::remove_dir_all(&fresh)
            .map_err(|error| format!("cannot remove {}: {error}", fresh.display()))?;
    }
    built.map(|()| Outcome::Passed)
}

fn unix_seconds() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed();
    since.map_or(0, |since| since.as_secs())
}

pub(super) fn targets() -> Result<Outcome, String> {
    let mut left_out = Vec::new();
    let stand_in = stand_in_for_c_compilers()?;
    for target in [
        "aarch64-unknown-linux-gnu",
        "aarch64-apple-darwin",
        "x86_64-pc-windows-msvc",
    ] {
        if Call::line(&format!("rustup target add {target}"))
            .run()
            .is_err()
        {
            left_out.push(format!(
                "{target}: its standard library cannot be installed here"
            ));
            continue;
        }
        let underscored = target.replace('-', "_");
        Call::line(&format!(
            "cargo check -p otel-runtime --all-features --quiet --target {target}"
        ))
        .env(&format!("CC_{underscored}"), &stand_in)
        .env(&format!("AR_{underscored}"), &stand_in)
        .run()?;
    }
    Ok(if left_out.is_empty() {
        Outcome::Passed
    } else {
        Outcome::PassedWithout(left_out)
    })
}

/// A program that does nothing and succeeds, but for making the file that `lib.exe` would have
/// made. `cargo check` never links, so it can stand in for the C compilers of other systems, which
/// the build scripts of TLS crates call.
fn stand_in_for_c_compilers() -> Result<String, String> {
    let path = target_dir().join("xtask").join("no-c-compiler");
    let script = "#!/bin/sh\n\
                  for word do case $word in [-/][oO][uU][tT]:*) : > \"${word#?????}\" ;; esac; done\n";
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(path.parent().expect("it is in a folder"))?;
        fs::write(&path, script)?;
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(())
    };
    write().map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    Ok(path.to_string_lossy().into_owned())
}

/// The keys of `[features]` in the runtime's manifest, without `default`.
fn runtime_features() -> Result<Vec<String>, String> {
    let path = root().join("otel-runtime/Cargo.toml");
    let manifest = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let features = features_of(&manifest);
    if features.is_empty() {
        Err("otel-runtime declares no features".to_owned())
    } else {
        Ok(features)
    }
}

fn features_of(manifest: &str) -> Vec<String> {
    let section = manifest
        .lines()
        .skip_while(|line| line.trim() != "[features]")
        .skip(1);
    let keys = section
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| {
            let key = line.split_once('=')?.0.trim().trim_matches('"');
            let is_key = !line.starts_with([' ', '#']) && key != "default";
            is_key.then(|| key.to_owned())
        });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use super::features_of;

    #[test]
    fn features_are_read_from_their_section_alone() {
        let manifest = "[package]\nname = \"x\"\n[features]\ndefault = [\"a\"]\n# b = c\na = []\n\
                        b-c = [\n  \"d = e\",\n]\n\n[dependencies]\nf = \"1\"\n";
        assert_eq!(features_of(manifest), ["a", "b-c"]);
    }
}
