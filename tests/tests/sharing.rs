//! One guard, used more than once and by several threads.

use std::process::Command;

use otelkit_tests::process::child::{Finished, run};

fn play(variant: &str) -> Finished {
    run(Command::new(env!("CARGO_BIN_EXE_subject")).args(["sharing", variant])).succeeded()
}

#[test]
fn many_threads_flush_at_once_and_each_gets_its_answer() {
    let ended = play("flushed-by-many");
    assert_eq!((ended.number("ok"), ended.number("exported")), (200, 1));
}

#[test]
fn a_second_shutdown_gives_the_last_figures_and_leaves_another_runtime_alone() {
    let ended = play("shut-down-twice");
    assert_eq!((ended.fact("same"), ended.fact("flush")), ("true", "true"));
    assert_eq!(ended.number("shutdowns"), 1);
    assert_eq!(ended.fact("shutdown of the first"), "true");
    assert_eq!(ended.number("exported"), 1);
    assert_eq!(ended.number("exported by the second"), 2);
}

#[test]
fn of_many_shutdowns_each_returns_after_the_end() {
    let ended = play("shut-down-by-many");
    assert_eq!((ended.number("ok"), ended.number("exported")), (200, 1));
    assert_eq!(ended.number("shutdowns"), 1);
    assert_eq!(ended.fact("again"), "true");
}

#[test]
fn flushes_beside_a_shutdown_do_not_fail_and_every_loss_is_told_once() {
    let ended = play("flushed-while-shut-down");
    assert_eq!(ended.number("reasons"), 0);
    assert_eq!(ended.fact("told"), "true");
    assert_eq!(ended.fact("kept"), "true");
}

#[test]
fn a_loss_is_told_to_one_of_those_who_ask() {
    let ended = play("loss-told-once");
    assert_eq!(ended.number("lost"), 3);
    assert_eq!(ended.stderr, "");
}

#[test]
fn a_guard_in_a_static_is_flushed_and_shut_down() {
    let ended = play("in-a-static");
    assert_eq!(
        (ended.fact("flush"), ended.fact("shutdown")),
        ("true", "true")
    );
    assert_eq!(ended.number("exported"), 2);
}

#[test]
fn an_exporter_cannot_shut_down_its_own_runtime() {
    let ended = play("by-its-exporter");
    let refused = ended.fact("refused");
    assert!(refused.contains("asked from an exporter"), "{refused}");
    assert_eq!(
        (ended.fact("flush"), ended.fact("shutdown")),
        ("true", "true")
    );
    assert_eq!(ended.number("exported"), 2);
}

#[test]
fn an_exporter_that_never_lets_go_does_not_hold_up_the_shutdown() {
    let ended = play("exporter-that-stays");
    let reason = ended.fact("reason");
    assert!(reason.contains("holds the collector thread"), "{reason}");
    assert_eq!(ended.fact("again"), "false");
}

#[test]
fn a_disabled_guard_does_not_end_the_runtime_after_it() {
    let ended = play("disabled");
    assert_eq!(ended.fact("third"), "false");
}
