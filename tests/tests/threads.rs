//! Every span is exported or counted as lost, however many threads there are.

use std::process::Command;

use otelkit_tests::process::child::{Finished, run};

fn play(scenario: &str) -> Finished {
    run(Command::new(env!("CARGO_BIN_EXE_subject")).arg(scenario)).succeeded()
}

#[track_caller]
fn accounts_for_every_span(ended: &Finished) {
    let accounted = ended.number("exported") + ended.number("dropped");
    assert_eq!(ended.number("recorded"), accounted, "{ended:?}");
}

#[test]
fn ten_thousand_short_threads_account_for_every_span() {
    let ended = play("short-threads");
    assert_eq!(ended.number("recorded"), 50_000);
    accounts_for_every_span(&ended);
}

#[test]
fn a_thousand_concurrent_threads_account_for_every_span() {
    let ended = play("concurrent-threads");
    assert_eq!(ended.number("recorded"), 200_000);
    accounts_for_every_span(&ended);
}

#[test]
fn what_a_full_ring_refuses_is_counted_at_the_site_that_lost_it() {
    let ended = play("overflow");
    accounts_for_every_span(&ended);
    assert!(ended.number("dropped") > 0);
    assert_eq!(ended.number("dropped at flood"), ended.number("dropped"));
    assert_eq!(ended.number("dropped at trickle"), 0);
    assert_eq!(ended.number("trickled"), 1);
}
