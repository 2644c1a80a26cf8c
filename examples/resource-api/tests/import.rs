//! `resource-api import`: what it writes, and what it says.

mod support;

use support::{Package, REGISTRY, Workplace, lockfile};

const SMALL: &[Package<'_>] = &[
    ("app", "0.1.0", &["json", "log"]),
    ("json", "1.0.0", &["log"]),
    ("log", "0.4.0", &[]),
];

fn edges(edges: &[(&str, &str)]) -> Vec<(String, String)> {
    edges
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

#[test]
fn a_first_import_creates_every_package_and_edge() {
    let workplace = Workplace::new();
    workplace
        .import(SMALL)
        .succeeds()
        .says("Cargo.lock: 3 packages with 3 dependencies, now in resources.db")
        .says("3 created, 0 updated, 0 unchanged, 0 removed\n")
        .says("most needed: log 0.4.0, which 2 depend on and which depends on 0")
        .says("circular dependencies: none")
        .says("delete with cascade: scratch-library and 1 more");
    let dump = workplace.dump();
    assert_eq!(dump.resources, ["app 0.1.0", "json 1.0.0", "log 0.4.0"]);
    assert_eq!(
        dump.edges,
        edges(&[
            ("app 0.1.0", "json 1.0.0"),
            ("app 0.1.0", "log 0.4.0"),
            ("json 1.0.0", "log 0.4.0"),
        ])
    );
}

#[test]
fn a_second_import_of_the_same_file_changes_nothing() {
    let workplace = Workplace::new();
    workplace.import(SMALL).succeeds();
    let before = workplace.dump();
    workplace
        .import(SMALL)
        .succeeds()
        .says("0 created, 0 updated, 3 unchanged, 0 removed\n");
    assert_eq!(workplace.dump(), before);
}

#[test]
fn an_import_of_a_changed_file_writes_what_changed() {
    let workplace = Workplace::new();
    workplace.import(SMALL).succeeds();
    workplace
        .import(&[
            ("app", "0.1.0", &["json", "time"]), // other dependencies
            ("json", "1.0.1", &[]),              // another version
            ("time", "0.3.0", &[]),              // new; `log` is gone
        ])
        .succeeds()
        .says("1 created, 2 updated, 0 unchanged, 1 removed\n");
    let dump = workplace.dump();
    assert_eq!(dump.resources, ["app 0.1.0", "json 1.0.1", "time 0.3.0"]);
    assert_eq!(
        dump.edges,
        edges(&[("app 0.1.0", "json 1.0.1"), ("app 0.1.0", "time 0.3.0")])
    );
}

#[test]
fn a_changed_checksum_is_an_update() {
    let workplace = Workplace::new();
    let text = |digit: &str| {
        format!(
            "{}checksum = \"{}\"\n",
            lockfile(&[("log", "0.4.0", &[])]),
            digit.repeat(64)
        )
    };
    workplace.write("Cargo.lock", text("a"));
    workplace.run(&["import", "Cargo.lock"]).succeeds();
    workplace.write("Cargo.lock", text("b"));
    workplace
        .run(&["import", "Cargo.lock"])
        .succeeds()
        .says("0 created, 1 updated, 0 unchanged");
}

#[test]
fn several_versions_of_a_package_stay_apart() {
    let workplace = Workplace::new();
    workplace
        .import(&[
            ("app", "0.1.0", &["log 0.3.0", "log 0.4.0"]),
            ("log", "0.3.0", &["log 0.4.0"]),
            ("log", "0.4.0", &[]),
        ])
        .succeeds();
    workplace
        .import(&[
            ("app", "0.1.0", &["log 0.4.0", "log 0.5.0"]),
            ("log", "0.4.0", &[]),
            ("log", "0.5.0", &["log 0.4.0"]),
        ])
        .succeeds()
        // 0.3.0 became 0.5.0; the application's edges are the same two resources
        .says("0 created, 1 updated, 2 unchanged, 0 removed\n");
    assert_eq!(
        workplace.dump().resources,
        ["app 0.1.0", "log 0.4.0", "log 0.5.0"]
    );
}

#[test]
fn circular_dependencies_are_reported_and_do_not_fail() {
    let workplace = Workplace::new();
    let packages: &[Package<'_>] = &[
        ("app", "0.1.0", &["helper"]),
        ("helper", "1.0.0", &["macros"]),
        ("macros", "1.0.0", &["helper", "macros"]),
    ];
    workplace
        .import(packages)
        .succeeds()
        .says("3 created")
        .says("circular dependencies: 1\n")
        // the lower number is the one created first: `macros` waits for nothing but `helper`
        .says("    macros 1.0.0 → macros 1.0.0 (a shortest way round in a knot of 2)\n");
    assert_eq!(
        workplace.dump().edges,
        edges(&[
            ("app 0.1.0", "helper 1.0.0"),
            ("helper 1.0.0", "macros 1.0.0"),
            ("macros 1.0.0", "helper 1.0.0"),
            ("macros 1.0.0", "macros 1.0.0"),
        ])
    );
    workplace
        .import(packages)
        .succeeds()
        .says("0 created, 0 updated, 3 unchanged");
    // a knot that vanishes goes as one
    workplace
        .import(&[("app", "0.1.0", &[])])
        .succeeds()
        .says("0 created, 1 updated, 0 unchanged, 2 removed\n");
}

#[test]
fn a_vanished_package_that_somebodys_own_resource_needs_is_kept() {
    let workplace = Workplace::new();
    workplace.import(SMALL).succeeds();
    workplace.add_mine();
    workplace
        .import(&[("app", "0.1.0", &[])])
        .succeeds()
        .says("0 created, 1 updated, 0 unchanged, 0 removed, 2 kept because others depend on them");
    assert_eq!(
        workplace.dump().resources,
        ["app 0.1.0", "json 1.0.0", "log 0.4.0", "mine 1"]
    );
}

#[test]
fn every_form_of_a_dependency_is_found() {
    let workplace = Workplace::new();
    let checksum = "0".repeat(64);
    // version 1: sources everywhere, checksums at the end, the root package on its own
    workplace.write(
        "old.lock",
        format!(
            "[root]\nname = \"app\"\nversion = \"0.1.0\"\n\
             dependencies = [\"log 0.4.0 ({REGISTRY})\"]\n\n\
             [[package]]\nname = \"log\"\nversion = \"0.4.0\"\nsource = \"{REGISTRY}\"\n\n\
             [metadata]\n\"checksum log 0.4.0 ({REGISTRY})\" = \"{checksum}\"\n"
        ),
    );
    workplace
        .run(&["import", "old.lock"])
        .succeeds()
        .says("2 packages with 1 dependencies");
    // version 4: one version from two sources; a git source carries its commit, a dependency does not
    let git = "git+https://example.com/log?branch=main";
    workplace.write(
        "new.lock",
        format!(
            "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n\
             dependencies = [\"log 0.4.0 ({REGISTRY})\", \"log 0.4.0 ({git})\"]\n\n\
             [[package]]\nname = \"log\"\nversion = \"0.4.0\"\nsource = \"{REGISTRY}\"\n\
             checksum = \"{checksum}\"\n\n\
             [[package]]\nname = \"log\"\nversion = \"0.4.0\"\nsource = \"{git}#0123abc\"\n"
        ),
    );
    workplace
        .run(&["import", "new.lock"])
        .succeeds()
        .says("3 packages with 2 dependencies")
        .says("1 created, 1 updated, 1 unchanged, 0 removed\n");
}

#[test]
fn another_database_can_be_named() {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", lockfile(SMALL));
    workplace
        .run(&["import", "Cargo.lock", "--database", "other file?.db"])
        .succeeds()
        .says("now in other file?.db");
    assert_eq!(
        support::dump(&workplace.path("other file?.db"))
            .resources
            .len(),
        3
    );
    assert!(!workplace.path("resources.db").exists());
}

#[test]
fn our_own_lock_file_is_imported() {
    let workplace = Workplace::new();
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock");
    workplace
        .run(&["import", own])
        .succeeds()
        .says(" 0 updated, 0 unchanged, 0 removed");
    let resources = workplace.dump().resources;
    assert!(
        resources.iter().any(|it| it.starts_with("sqlx ")),
        "{resources:?}"
    );
    workplace
        .run(&["import", own])
        .succeeds()
        .says("0 created, 0 updated, ");
}
