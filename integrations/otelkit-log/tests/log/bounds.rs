//! Targets without end take places with an end.

use std::collections::BTreeSet;

use crate::Logged;
use otel_runtime::log::log_sites;

const TARGETS: usize = 700;

#[test]
fn a_line_with_many_targets_has_a_few_places() {
    let logged = Logged::start("info");
    let before = log_sites().count();
    for _ in 0..2 {
        for target in 0..TARGETS {
            log::info!(target: &format!("tenant.{target}"), "said");
        }
    }
    let places = log_sites().count() - before;
    assert!(places <= 9, "{places}");
    let logs = logged.logs();
    assert_eq!(logs.len(), 2 * TARGETS);
    let targets: BTreeSet<_> = logs.iter().map(|log| log.target.clone()).collect();
    assert_eq!(targets.len(), TARGETS);
    assert!(logs.iter().all(|log| log.file.as_deref() == Some(file!())));
}

#[test]
fn a_target_at_the_address_of_another_one_is_not_taken_for_it() {
    let logged = Logged::start("info");
    let mut target = String::with_capacity(8);
    for name in ["one", "two", "one"] {
        target.clear();
        target.push_str(name);
        log::info!(target: &target, "said");
    }
    let logs = logged.logs();
    let targets: Vec<_> = logs.iter().map(|log| log.target.as_str()).collect();
    assert_eq!(targets, ["one", "two", "one"]);
}
