use std::fs;
use std::path::{Path, PathBuf};

use super::{MOST_LINES, Order, Source, check};
use crate::call::{Call, root};

/// Crates that hold an order, with the name of its block.
const CRATES: [&str; 10] = [
    "integrations/otelkit-actix",
    "integrations/otelkit-http",
    "integrations/otelkit-redis",
    "integrations/otelkit-reqwest",
    "integrations/otelkit-sqlx",
    "integrations/otelkit-tonic",
    "integrations/otelkit-tower",
    "otel-macros",
    "otel-runtime",
    "otel-sql",
];

#[test]
fn every_module_imports_only_what_stands_before_it() {
    let document = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let mut broken = Vec::new();
    for name in CRATES {
        let order = Order::read(&document, name).unwrap();
        for source in sources(&root().join(name).join("src")) {
            broken.extend(check(&order, &source));
        }
    }
    assert!(
        broken.is_empty(),
        "the order in docs/architecture.md is broken:\n{}",
        broken.join("\n")
    );
}

#[test]
fn a_library_that_asks_for_no_feature_pulls_next_to_nothing() {
    let tree = "cargo tree -p otel-runtime --no-default-features -e normal --prefix none";
    let tree = Call::line(tree).output().expect("cargo tree answers");
    let mut names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    let macros = [
        "otel-macros",
        "proc-macro2",
        "quote",
        "syn",
        "unicode-ident",
    ];
    let runtime = ["otel-runtime", "futures-core", "libc"];
    let extra: Vec<_> = names
        .iter()
        .filter(|n| !macros.contains(n) && !runtime.contains(n))
        .collect();
    assert!(extra.is_empty(), "{extra:?} came into the smallest build");
}

#[test]
fn an_import_against_the_order_is_named_with_file_and_line() {
    let source =
        "//! Rings.\n\nuse crate::site::Site;\nuse crate::collector::{drain::Drain, Limits};\n";
    assert_eq!(
        broken("src/ring/mod.rs", source),
        [
            "src/ring/mod.rs:4: `ring` imports `crate::collector::drain::Drain`, but `collector` stands after it",
            "src/ring/mod.rs:4: `ring` imports `crate::collector::Limits`, but `collector` stands after it",
        ]
    );
}

#[test]
fn a_path_in_the_middle_of_code_counts_too() {
    let source = "fn f() {\n    super::super::collector::run();\n}\n";
    assert_eq!(
        broken("src/ring/slot.rs", source),
        [
            "src/ring/slot.rs:2: `ring` imports `crate::collector::run`, but `collector` stands after it",
        ]
    );
}

#[test]
fn an_import_through_the_root_is_refused() {
    assert_eq!(
        broken("src/ring/mod.rs", "use crate::Site;\n"),
        ["src/ring/mod.rs:1: `ring` imports `crate::Site`: name the module that defines it",]
    );
}

#[test]
fn a_module_without_a_place_is_refused() {
    let message = &broken("src/drain.rs", "")[0];
    assert!(
        message.starts_with("src/drain.rs:1: module `drain` has no place"),
        "{message}"
    );
}

#[test]
fn the_longest_stage_decides_and_siblings_are_free() {
    assert_eq!(
        broken("src/collector/mod.rs", "use crate::export::SpanView;\n"),
        [""; 0]
    );
    assert_eq!(
        broken("src/export/otlp/mod.rs", "use crate::collector::Limits;\n"),
        [""; 0]
    );
    assert_eq!(
        broken("src/export/otlp/body.rs", "use super::super::Exporter;\n"),
        [""; 0]
    );
    assert_eq!(
        broken("src/export/view.rs", "use super::otlp::Body;\n").len(),
        1
    );
}

#[test]
fn comments_strings_and_tests_are_not_imports() {
    let source = "// crate::collector::A\n/// [`crate::collector::B`]\nconst C: &str = \"crate::collector::C\";\n\
                  const D: char = '\"'; const E: &str = r#\"\"crate::collector::E\"#;\n\
                  fn f<'a>(x: &'a str) {}\npub(in crate::ring) struct F;\n\
                  macro_rules! g { () => { $crate::collector::G } }\n\
                  #[cfg(test)]\nmod tests {\n    use crate::collector::T;\n}\n";
    assert_eq!(broken("src/ring/mod.rs", source), [""; 0]);
    assert_eq!(
        broken("src/ring/tests.rs", "use crate::collector::T;\n"),
        [""; 0]
    );
}

#[test]
fn a_long_file_and_an_empty_name_are_refused() {
    let long = "\n".repeat(MOST_LINES + 1);
    assert_eq!(broken("src/ring/mod.rs", &long).len(), 1);
    assert_eq!(broken("src/ring/utils.rs", "").len(), 1);
    let tests = format!(
        "fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n",
        "\n".repeat(200)
    );
    assert_eq!(broken("src/ring/mod.rs", &tests).len(), 1);
}

/// What a file breaks, in a crate of four stages.
fn broken(file: &str, text: &str) -> Vec<String> {
    let document =
        "# Order\n```stages fixture\nsite what\nring\nexport\ncollector\nexport::otlp\n```\n";
    let order = Order::read(document, "fixture").unwrap();
    check(
        &order,
        &Source {
            file: file.to_owned(),
            text: text.to_owned(),
        },
    )
}

fn sources(folder: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let file = path
                .strip_prefix(root())
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            found.push(Source {
                file,
                text: fs::read_to_string(&path).unwrap(),
            });
        }
    }
    found
}
