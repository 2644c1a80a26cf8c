//! Sites of dynamic libraries are on the program's list, also if the library
//! comes while the program runs.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;

use otelkit_tests::process::child::run;

/// Builds the fixture; returns where its files are.
fn build() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dylib/Cargo.toml");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dylib");
    // the same versions as everything else: nothing has to be downloaded
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    std::fs::copy(lock, manifest.with_file_name("Cargo.lock")).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--quiet", "--manifest-path"])
        .arg(manifest);
    cargo.arg("--target-dir").arg(&target);
    // one standard library for all, too
    cargo.env("RUSTFLAGS", "-C prefer-dynamic");
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
    // On a busy machine this takes minutes, and no bug of ours can make it hang.
    let built = cargo.output().unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    target.join("debug")
}

/// Where the toolchain keeps its dynamic libraries.
fn toolchain_libraries() -> PathBuf {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let printed = run(Command::new(rustc).args(["--print", "target-libdir"])).succeeded();
    PathBuf::from(printed.stdout.trim())
}

#[test]
fn a_library_loaded_while_the_program_runs_brings_its_sites_along() {
    let built = build();
    let libraries = [built.clone(), built.join("deps"), toolchain_libraries()];
    let mut host = Command::new(built.join("host"));
    host.arg(built.join("libplugin.so"));
    host.env("LD_LIBRARY_PATH", std::env::join_paths(libraries).unwrap());
    let ended = run(&mut host).succeeded();
    assert_eq!(ended.number("before"), 0);
    assert_eq!(ended.number("after"), 1);
    assert_eq!(ended.fact("on"), "true");
    assert_eq!(ended.number("exported"), 1);
}
