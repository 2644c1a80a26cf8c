//! What forking and replacing the process does to the telemetry.
#![cfg(unix)]

use std::process::Command;

use otelkit_tests::process::child::{Finished, run};

fn fork(variant: &str) -> Finished {
    run(Command::new(env!("CARGO_BIN_EXE_subject")).args(["fork", variant])).succeeded()
}

#[test]
fn a_forked_child_records_nothing_and_its_parent_loses_nothing() {
    let ended = fork("silent-child");
    assert_eq!(ended.number("child"), 0);
    assert_eq!(ended.fact("context in the child"), "false");
    assert_eq!(ended.number("exported by the parent"), 2);
}

#[test]
fn a_forked_child_may_install_anew_and_exports_only_its_own_spans() {
    let ended = fork("child-installs-anew");
    assert_eq!(ended.number("child"), 0);
    assert_eq!(ended.fact("install"), "ok");
    // outer, work, and the work of a thread
    assert_eq!(ended.number("exported by the child"), 3);
    assert_eq!(ended.number("exported by the parent"), 2);
}

#[test]
fn a_forked_child_does_not_repeat_its_parents_ids() {
    let ended = fork("child-installs-anew");
    let ids = |whose: &str| -> Vec<&str> {
        let lines = ended.stdout.lines();
        lines.filter_map(|line| line.strip_prefix(whose)).collect()
    };
    let of_child = ids("a trace of the child=");
    let of_parent = ids("a trace of the parent=");
    assert!(!of_child.is_empty() && !of_parent.is_empty());
    assert!(
        of_child.iter().all(|id| !of_parent.contains(id)),
        "{ended:?}"
    );
}

#[test]
fn a_fork_inside_a_span_leaves_the_span_to_the_parent() {
    let ended = fork("inside-a-span");
    assert_eq!(ended.number("child"), 0);
    assert_eq!(ended.number("exported by the parent"), 2);
}

#[test]
fn a_call_that_a_forked_child_leaves_was_never_in_flight_there() {
    let ended = fork("inside-a-call");
    assert_eq!(ended.number("child"), 0);
    assert_eq!(ended.fact("in flight in the child"), "0");
    assert_eq!(ended.fact("in flight in a call"), "1");
    assert_eq!(ended.fact("in flight in the parent"), "0");
}

#[test]
fn forking_while_other_threads_record_hangs_nobody_and_loses_nothing_uncounted() {
    let ended = fork("while-threads-record");
    assert_eq!(ended.number("failed children"), 0);
    let accounted = ended.number("exported") + ended.number("dropped");
    assert_eq!(ended.number("recorded"), accounted);
}

#[test]
fn a_child_that_exits_leaves_the_parents_spans_to_the_parent() {
    let ended = fork("exit-in-child");
    assert_eq!(ended.number("child"), 0);
    assert_eq!(ended.number("exported by the parent"), 1);
}

#[test]
fn a_process_replaced_by_exec_starts_afresh() {
    let ended = fork("exec");
    assert_eq!(ended.fact("before"), "true");
    assert_eq!((ended.number("first"), ended.number("second")), (1, 1));
}

#[test]
fn a_forked_child_observes_nothing_of_its_parents_and_what_it_wants_itself() {
    let ended = run(Command::new(env!("CARGO_BIN_EXE_subject")).arg("observing-fork")).succeeded();
    assert_eq!(ended.number("failed children"), 0);
    assert_eq!(ended.fact("observed by the parent"), "true");
}

#[test]
fn a_forked_child_counts_with_the_recorder_only_what_is_its_own() {
    let ended = run(Command::new(env!("CARGO_BIN_EXE_subject")).arg("recording-fork")).succeeded();
    assert_eq!(ended.number("failed children"), 0);
    assert_eq!(ended.number("made"), ended.number("counted"));
    assert_eq!(ended.number("kept"), 20);
}
