//! Whatever exporters, threads and values do, the program goes on and every
//! span is accounted for.

use std::process::Command;

use otelkit_tests::process::child::{Finished, run};

fn play(what: &str) -> Finished {
    run(Command::new(env!("CARGO_BIN_EXE_subject")).args(["hostile", what]))
}

#[test]
fn an_exporter_that_panics_harms_neither_the_program_nor_other_exporters() {
    let ended = play("exporter-panics").succeeded();
    assert_eq!(ended.number("the other got"), 10);
    assert_eq!(ended.number("doing exported"), 2);
    assert_eq!(ended.number("doing dropped"), 8);
}

#[test]
fn an_exporter_that_hangs_is_given_up_when_the_time_is_up() {
    let ended = play("exporter-hangs").succeeded();
    for call in ["flush", "shutdown"] {
        assert!(ended.fact(call).contains("the time was up"), "{ended:?}");
    }
    // its thread is still there, and a second one would not help
    assert!(
        ended.fact("install").contains("already installed"),
        "{ended:?}"
    );
}

#[test]
fn an_exporter_that_hangs_does_not_hold_up_an_exit() {
    let ended = play("exporter-hangs-at-exit");
    assert_eq!(ended.status.code(), Some(3));
    assert_eq!(ended.fact("exiting"), "true");
}

#[test]
fn what_an_exporter_does_is_not_recorded() {
    let ended = play("exporter-records").succeeded();
    assert_eq!(ended.number("exported"), 5);
}

#[test]
fn spans_in_destructors_of_thread_locals_are_exported_or_counted() {
    let ended = play("spans-in-destructors").succeeded();
    let accounted = ended.number("exported") + ended.number("dropped");
    assert_eq!(ended.number("recorded"), accounted);
}

#[test]
fn of_many_installs_at_the_same_time_one_succeeds() {
    let ended = play("racing-installs").succeeded();
    assert_eq!(ended.number("installed"), 1);
}

#[test]
fn a_flush_comes_to_an_end_although_others_go_on_recording() {
    let ended = play("flush-under-load").succeeded();
    assert_eq!(ended.number("flushes"), 10);
    let accounted = ended.number("exported") + ended.number("dropped");
    assert_eq!(ended.number("recorded"), accounted);
}

#[test]
fn a_cancelled_trace_is_forgotten_counted_and_not_called_a_loss() {
    let ended = play("cancelled-trace").succeeded();
    // this exporter had those before the cancellation, and cannot give them back
    assert_eq!(ended.number("exported"), 5);
    assert_eq!(ended.number("outer"), 0);
    assert_eq!(ended.number("lost"), 0);
    let accounted = ended.number("exported") + ended.number("dropped");
    assert_eq!(ended.number("recorded"), accounted);
}

#[test]
fn a_huge_value_is_cut_and_its_span_exported() {
    let ended = play("huge-value").succeeded();
    assert_eq!(ended.number("exported"), 10);
    assert_eq!(ended.number("dropped"), 0);
    assert_eq!(ended.number("dropped notes"), 0);
}

#[test]
fn a_shutdown_without_time_counts_what_it_leaves_behind() {
    let ended = play("no-time-left").succeeded();
    assert_eq!(ended.number("recorded"), 20_000);
    let accounted = ended.number("exported") + ended.number("dropped");
    assert_eq!(accounted, 20_000, "{ended:?}");
}

#[test]
fn an_exit_from_a_thread_ends_a_program_whose_others_go_on_recording() {
    let ended = play("exit-in-thread");
    assert_eq!(ended.status.code(), Some(5));
    assert_eq!(ended.fact("exiting"), "true");
}
