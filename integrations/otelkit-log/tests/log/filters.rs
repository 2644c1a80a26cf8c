//! Who is heard, and that `log` knows it.

use log::{Level, LevelFilter, log_enabled};
use otel_runtime::log::LogFilter;

use crate::{Logged, messages};

fn say() {
    log::error!(target: "quiet", "quiet error");
    log::warn!("warn");
    log::info!("info");
    log::debug!(target: "chatty::inner", "chatty debug");
    log::trace!(target: "chatty", "chatty trace");
}

#[test]
fn the_filter_of_the_runtime_decides_and_can_be_changed() {
    let logged = Logged::start("warn,chatty=debug,quiet=off");
    say();
    assert_eq!(messages(&logged.logs()), ["warn", "chatty debug"]);
    let set = |filter: &str| {
        logged
            .telemetry
            .set_log_filter(filter.parse::<LogFilter>().unwrap())
    };
    set("info");
    say();
    let logs = logged.logs();
    assert_eq!(messages(&logs)[2..], ["quiet error", "warn", "info"]);
    set("off");
    say();
    assert_eq!(logged.logs().len(), 5);
}

#[test]
fn the_maximum_level_follows_the_filter() {
    let logged = Logged::start("warn,chatty=debug");
    let set = |filter: &str| {
        logged
            .telemetry
            .set_log_filter(filter.parse::<LogFilter>().unwrap())
    };
    assert_eq!(log::max_level(), LevelFilter::Debug);
    set("error");
    assert_eq!(log::max_level(), LevelFilter::Error);
    set("off,deep=trace");
    assert_eq!(log::max_level(), LevelFilter::Trace);
    set("off");
    assert_eq!(log::max_level(), LevelFilter::Off);
    drop(logged);
    let logged = Logged::start("info");
    assert_eq!(log::max_level(), LevelFilter::Info);
    logged.telemetry.shutdown(crate::PATIENCE).unwrap();
    assert_eq!(log::max_level(), LevelFilter::Off);
    log::error!("to nobody");
}

#[test]
fn who_asks_is_told_what_the_filter_says_of_the_target() {
    let logged = Logged::start("warn,chatty=debug");
    assert!(log_enabled!(target: "chatty::inner", Level::Debug));
    assert!(!log_enabled!(target: "chatty::inner", Level::Trace));
    assert!(!log_enabled!(Level::Info));
    assert!(log_enabled!(Level::Warn));
    drop(logged);
}
