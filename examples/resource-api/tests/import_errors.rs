//! `resource-api import`, when something is wrong: one line, exit code 1, and nothing is lost.

mod support;

use std::io::Read;
use std::process::Stdio;

use support::{Collector, Package, REGISTRY, Received, Running, Workplace, lockfile};

const GOOD: &[Package<'_>] = &[("app", "0.1.0", &["log"]), ("log", "0.4.0", &[])];

fn import(contents: impl AsRef<[u8]>) -> support::Run {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", contents);
    let run = workplace.run(&["import", "Cargo.lock"]);
    assert!(
        !workplace.path("resources.db").exists(),
        "a bad lock file made a database"
    );
    run
}

#[test]
fn a_missing_file() {
    Workplace::new()
        .run(&["import", "Cargo.lock"])
        .fails_with("Cargo.lock: no such file");
}

#[test]
fn a_directory() {
    Workplace::new()
        .run(&["import", "."])
        .fails_with(".: this is a directory; name the Cargo.lock inside it");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let workplace = Workplace::new();
    let path = workplace.write("Cargo.lock", lockfile(GOOD));
    // permissions do not hold for root, but a path below a file cannot be read by anybody
    workplace
        .run(&["import", "Cargo.lock/Cargo.lock"])
        .fails_with("Cargo.lock/Cargo.lock: cannot be read: Not a directory (os error 20)");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o000)).unwrap();
    if std::fs::metadata("/proc/self").is_ok_and(|it| it.uid() != 0) {
        workplace
            .run(&["import", "Cargo.lock"])
            .fails_with("Cargo.lock: cannot be read: Permission denied (os error 13)");
    }
}

#[test]
fn a_file_that_is_not_text() {
    import(b"version = 4\n\xff\n").fails_with("Cargo.lock: not a lock file: byte 12 is not UTF-8");
}

#[test]
fn a_file_that_is_not_toml() {
    import("version = 4\n<html>\n")
        .fails_with("Cargo.lock:2:7: not a lock file: key with no value, expected `=`");
}

#[test]
fn a_file_of_another_form() {
    let line = "Cargo.lock: not a lock file: it has no [[package]]";
    import("").fails_with(line);
    import("[workspace]\nmembers = []\n").fails_with(line);
    import("[package]\nname = \"x\"\nversion = \"1\"\n")
        .fails_with("Cargo.lock:1:1: not a lock file: invalid type: map, expected a sequence");
    import("[[package]]\nname = \"x\"\n")
        .fails_with("Cargo.lock:1:1: not a lock file: missing field `version`");
}

#[test]
fn a_lock_file_of_the_future() {
    import("version = 5\n")
        .fails_with("Cargo.lock: a lock file of version 5; versions 1 to 4 can be read");
}

#[test]
fn a_package_that_stands_there_twice() {
    import(lockfile(&[("log", "0.4.0", &[]), ("log", "0.4.0", &[])])).fails_with(&format!(
        "Cargo.lock: the package `log 0.4.0 ({REGISTRY})` stands in it twice"
    ));
}

#[test]
fn a_dependency_that_is_no_package() {
    for written in ["nope", "log 0.5.0", "log 0.4.0 (registry+elsewhere)"] {
        import(lockfile(&[
            ("app", "0.1.0", &[written]),
            ("log", "0.4.0", &[]),
        ]))
        .fails_with(&format!(
            "Cargo.lock: `app 0.1.0 ({REGISTRY})` depends on `{written}`, \
                 but the file has no such package"
        ));
    }
}

#[test]
fn a_dependency_that_could_be_either() {
    import(lockfile(&[
        ("app", "0.1.0", &["log"]),
        ("log", "0.3.0", &[]),
        ("log", "0.4.0", &[]),
    ]))
    .fails_with(&format!(
        "Cargo.lock: `app 0.1.0 ({REGISTRY})` depends on `log`, which could be any of: \
             `log 0.3.0 ({REGISTRY})`, `log 0.4.0 ({REGISTRY})`"
    ));
}

#[test]
fn a_dependency_that_cannot_be_read() {
    for written in ["", " ", "log  (x)", "log 1 x", "log 1 (x"] {
        import(lockfile(&[("app", "0.1.0", &[written])])).fails_with(&format!(
            "Cargo.lock: `app 0.1.0 ({REGISTRY})` has the dependency `{written}`, which is not \
             of the form `name`, `name version` or `name version (source)`"
        ));
    }
}

#[test]
fn a_package_that_breaks_a_rule_and_those_committed_before_it() {
    let workplace = Workplace::new();
    let long = "x".repeat(257);
    workplace
        .import(&[("app", "0.1.0", &["log", "a\nb"]), ("log", "0.4.0", &[]), ("a\\nb", "1", &[])])
        // the name would break the line, and does not
        .fails_with(&format!(
            "Cargo.lock: the package `a b 1 ({REGISTRY})`: the name holds the control character '\\n'"
        ));
    assert_eq!(workplace.dump().resources, ["log 0.4.0"]);
    workplace
        .import(&[("app", &long, &[])])
        .fails_with(&format!(
            "Cargo.lock: the package `app {long} ({REGISTRY})`: \
         the version is 257 characters long; at most 256 are allowed"
        ));
    assert_eq!(workplace.dump().resources, ["log 0.4.0"]);
}

#[test]
fn a_database_that_is_none() {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", lockfile(GOOD));
    let import = |database| workplace.run(&["import", "Cargo.lock", "--database", database]);
    import(".").fails_with(".: this is a directory; a database is a file");
    import("no/such.db").fails_with(
        "no/such.db: cannot be opened or created; does its directory exist, and may it be written to?",
    );
    import("Cargo.lock").fails_with("Cargo.lock: not an SQLite database");
    assert_eq!(
        std::fs::read_to_string(workplace.path("Cargo.lock")).unwrap(),
        lockfile(GOOD)
    );
}

fn sql(path: &std::path::Path, statements: &'static str) {
    support::block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::raw_sql(statements).execute(&pool).await.unwrap();
        pool.close().await;
    });
}

#[test]
fn a_database_of_somebody_else() {
    let workplace = Workplace::new();
    sql(
        &workplace.path("resources.db"),
        "CREATE TABLE resource (id INTEGER PRIMARY KEY)",
    );
    workplace
        .import(GOOD)
        .fails_with("resources.db: a database, but not one that resource-api made");
}

#[test]
fn a_database_of_a_newer_program() {
    let workplace = Workplace::new();
    workplace.import(GOOD).succeeds();
    sql(&workplace.path("resources.db"), "PRAGMA user_version = 7");
    workplace
        .import(GOOD)
        .fails_with("resources.db: made by a newer resource-api (schema 7; this one knows 1)");
}

#[test]
fn a_corrupt_database() {
    let workplace = Workplace::new();
    workplace.import(GOOD).succeeds();
    let path = workplace.path("resources.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // the first page, with the schema, is left as it is
    bytes[4096..].fill(0xaa);
    std::fs::write(&path, bytes).unwrap();
    workplace
        .import(GOOD)
        .fails_with("resources.db: the database is corrupt: database disk image is malformed");
}

#[test]
fn a_locked_database() {
    let workplace = Workplace::new();
    workplace.import(GOOD).succeeds();
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(workplace.path("resources.db"));
    support::block_on(async {
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let lock = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        workplace
            .import(&[("app", "0.2.0", &[])])
            .fails_with("resources.db: the database is locked by another process");
        lock.rollback().await.unwrap();
        pool.close().await;
    });
    assert_eq!(workplace.dump().resources, ["app 0.1.0", "log 0.4.0"]);
}

/// A limit on the size of files is a full disk, to SQLite.
#[cfg(unix)]
#[test]
fn a_full_disk_keeps_what_was_committed() {
    let workplace = Workplace::new();
    let packages: Vec<(String, String)> = (0..5000)
        .map(|index| (format!("package-{index}"), "1.0.0".repeat(20)))
        .collect();
    let packages: Vec<Package<'_>> = packages
        .iter()
        .map(|(name, version)| (&**name, &**version, &[] as &[&str]))
        .collect();
    workplace.write("Cargo.lock", lockfile(&packages));
    let mut shell = std::process::Command::new("sh");
    let program = workplace.command();
    shell
        .current_dir(workplace.directory.path())
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 400; exec \"$0\" import Cargo.lock",
        ])
        .arg(program.get_program());
    let run = support::Run::from(shell.output().unwrap());
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.starts_with("error: resources.db: "), "{run:?}");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    let kept = workplace.dump().resources.len();
    assert!((1..5000).contains(&kept), "{kept}");
    // and the rest comes when there is room
    workplace
        .run(&["import", "Cargo.lock"])
        .succeeds()
        .says(&format!(
            "{} created, 0 updated, {kept} unchanged",
            5000 - kept
        ));
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", lockfile(GOOD));
    let mut child = workplace
        .command()
        .args(["import", "Cargo.lock"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(
        (child.wait().unwrap().code(), stderr.as_str()),
        (Some(0), "")
    );
    assert_eq!(workplace.dump().resources.len(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_a_failure() {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", lockfile(GOOD));
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = workplace
        .command()
        .args(["import", "Cargo.lock"])
        .stdout(full)
        .output()
        .unwrap();
    support::Run::from(output)
        .fails_with("stdout cannot be written to: No space left on device (os error 28)");
    assert_eq!(workplace.dump().resources.len(), 2);
}

#[test]
fn a_wrong_command_line_is_explained_by_its_parser() {
    let run = Workplace::new().run(&["imprt"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("a similar subcommand exists: 'import'"),
        "{}",
        run.stderr
    );
}

/// Ctrl-C or SIGTERM, half way through a long import.
#[cfg(unix)]
#[test]
fn an_interrupted_import_keeps_what_was_committed() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let workplace = Workplace::new();
        let names: Vec<String> = (0..60_000)
            .map(|index| format!("package-{index}"))
            .collect();
        let packages: Vec<Package<'_>> = names
            .iter()
            .map(|name| (&**name, "1.0.0", &[] as &[&str]))
            .collect();
        workplace.write("Cargo.lock", lockfile(&packages));
        let collector = Collector::start();
        let mut command = workplace.command();
        command.args(["import", "Cargo.lock", "--hold"]);
        collector.attach(&mut command);
        let program = Running::start(&mut command);
        // a span is sent when it is over, and what it tells of is in the database then
        let imported = |spans: Vec<Received>| {
            let packages = spans.iter().filter(|it| it.name == "import_package");
            packages.count()
        };
        let mut committed = 0;
        while committed == 0 {
            committed = imported(collector.next());
        }
        program.signal(signal);
        let run = program.end();
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (Some(code), ""),
            "{}",
            run.stdout
        );
        let run = run
            .says("\nimport  ")
            .says("  cancelled\n")
            .says("import_package ×")
            .says(" 0 dropped\n")
            .says("1 cancelled\n");
        let kept = workplace.dump().resources.len();
        assert!(
            (committed..60_000).contains(&kept),
            "{kept}\n{}",
            run.stdout
        );
    }
}
