//! Flush and shutdown block for a bounded time and need no executor, so they
//! work inside of every one.

use std::process::Command;

use otelkit_tests::process::child::run;

#[track_caller]
fn delivers_inside(place: &str) {
    let ended = run(Command::new(env!("CARGO_BIN_EXE_subject")).args(["executor", place]));
    let ended = ended.succeeded();
    assert_eq!(ended.number("exported"), 2);
    for call in ["flush", "shutdown"] {
        assert!(
            ended.facts().get(call).is_none_or(|told| *told == "true"),
            "{ended:?}"
        );
    }
}

#[test]
fn a_current_thread_executor_can_flush_and_shut_down() {
    delivers_inside("current-thread");
}

#[test]
fn a_multi_thread_executor_can_flush_and_shut_down() {
    delivers_inside("multi-thread");
}

#[test]
fn a_task_of_a_current_thread_executor_can_flush_and_shut_down() {
    delivers_inside("current-thread-task");
}

#[test]
fn a_task_of_a_multi_thread_executor_can_flush_and_shut_down() {
    delivers_inside("multi-thread-task");
}

#[test]
fn a_local_task_can_flush_and_shut_down() {
    delivers_inside("local-set");
}

#[test]
fn a_guard_dropped_in_a_task_delivers() {
    delivers_inside("dropped-in-task");
}
