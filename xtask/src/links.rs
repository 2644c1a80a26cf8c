//! The links test: what a document points to within the repository is there, and every decision
//! stands in the index.

use std::fs;
use std::path::{Path, PathBuf};

use crate::call::{Call, root};

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut dead = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(root().join(&document)).unwrap();
        let folder = document.parent().unwrap_or(Path::new(""));
        for target in links(&text) {
            if !root().join(folder).join(target).exists() {
                dead.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "links to nothing:\n{}", dead.join("\n"));
}

#[test]
fn every_decision_stands_in_the_index() {
    let index = fs::read_to_string(root().join("docs/decisions/README.md")).unwrap();
    let mut missing = Vec::new();
    for entry in fs::read_dir(root().join("docs/decisions")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if name != "README.md" && !index.contains(&format!("({name})")) {
            missing.push(name);
        }
    }
    assert!(
        missing.is_empty(),
        "not in docs/decisions/README.md: {missing:?}"
    );
}

#[test]
fn links_are_found_and_code_is_not_taken_for_one() {
    let text =
        "[a](b.md) [c](https://d) [e](f.md#g)\n```rust\nlet [h](i.md)\n```\n`j[k](l)` [m](#n)";
    assert_eq!(links(text), ["b.md", "f.md"]);
}

/// Relative targets of `[text](target)`, without anchors; not those in code.
fn links(text: &str) -> Vec<&str> {
    let mut in_code = false;
    let mut found = Vec::new();
    for line in text.lines() {
        in_code ^= line.trim_start().starts_with("```");
        let prose = line.split('`').step_by(2);
        for part in prose.filter(|_| !in_code) {
            let targets = part
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split(')').next());
            let paths = targets.filter_map(|target| target.split('#').next());
            found.extend(paths.filter(|path| !path.is_empty() && !path.contains(':')));
        }
    }
    found
}

/// Every document that git knows.
fn documents() -> Vec<PathBuf> {
    let list = Call::line("git ls-files *.md")
        .output()
        .expect("git lists files");
    list.lines().map(PathBuf::from).collect()
}
