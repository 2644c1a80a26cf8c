//! How programs begin and end.

use std::process::Command;

use otelkit_tests::process::child::{Finished, run};

fn play(scenario: &str) -> Finished {
    run(Command::new(env!("CARGO_BIN_EXE_subject")).arg(scenario))
}

#[test]
fn a_program_that_installs_nothing_runs() {
    let ended = play("not-installed").succeeded();
    assert_eq!(ended.fact("context"), "false");
    assert_eq!(ended.fact("ended"), "true");
    assert_eq!(ended.stderr, "");
}

#[test]
fn a_second_install_is_an_error_and_leaves_the_first_alone() {
    let ended = play("installed-twice").succeeded();
    assert!(
        ended.fact("second").contains("already installed"),
        "{ended:?}"
    );
    assert_eq!(ended.number("exported"), 1);
}

#[test]
fn after_a_shutdown_another_runtime_can_be_installed() {
    let ended = play("installed-again").succeeded();
    assert_eq!((ended.number("first"), ended.number("second")), (1, 1));
}

#[test]
fn a_flush_delivers_and_a_second_one_does_no_harm() {
    let ended = play("flushed-twice").succeeded();
    assert_eq!(ended.number("after flush 1"), 1);
    assert_eq!(
        (ended.fact("flush 1"), ended.fact("flush 2")),
        ("true", "true")
    );
    assert_eq!(ended.fact("shutdown"), "true");
    assert_eq!(ended.number("after shutdown"), 2);
    assert_eq!(ended.number("shutdowns"), 1);
}

#[test]
fn dropping_the_guard_delivers_what_is_left() {
    let ended = play("dropped").succeeded();
    assert_eq!(ended.number("exported"), 1);
    assert_eq!(ended.stderr, "");
}

#[test]
fn a_disabled_runtime_is_installed_and_records_nothing() {
    let ended = play("disabled").succeeded();
    assert_eq!(
        (ended.fact("flush"), ended.fact("shutdown")),
        ("true", "true")
    );
    assert_eq!(ended.number("exported"), 0);
}

#[test]
fn nothing_is_recorded_after_a_shutdown() {
    let ended = play("recorded-after-shutdown").succeeded();
    assert_eq!(ended.number("exported"), 0);
}

#[test]
fn a_panic_in_main_delivers_what_was_recorded_and_the_panic_itself() {
    let ended = play("panic-in-main");
    assert_eq!(ended.status.code(), Some(101));
    assert_eq!(ended.number("exported"), 1);
    assert_eq!(ended.number("panicked"), 1);
    assert_eq!(ended.fact("unlucky"), "Panicked");
    assert!(ended.stderr.contains("on purpose"), "{ended:?}");
}

#[test]
fn exit_flushes_although_no_destructor_runs() {
    let ended = play("exit");
    assert_eq!(ended.status.code(), Some(7));
    assert_eq!(ended.number("printed"), 1);
}

#[test]
fn a_shutdown_tells_what_was_lost_and_why() {
    let ended = play("told-losses").succeeded();
    let told = ended.fact("shutdown");
    assert!(told.contains("3 spans"), "{told}");
    assert!(told.contains("it is a sieve"), "{told}");
}
