use super::*;
use crate::site::Level;

const LOG_LEVEL: &str = "OTEL_LOG_LEVEL";

#[test]
fn every_level_of_the_log_is_known() {
    for (word, expected) in [
        ("none", LogLevel::Silent),
        ("fatal", LogLevel::Silent),
        ("ERROR", LogLevel::UpTo(Level::Error)),
        ("Warn", LogLevel::UpTo(Level::Warn)),
        ("info", LogLevel::UpTo(Level::Info)),
        ("debug", LogLevel::UpTo(Level::Debug)),
        ("trace", LogLevel::UpTo(Level::Trace)),
        ("VERBOSE", LogLevel::UpTo(Level::Trace)),
        ("all", LogLevel::UpTo(Level::Trace)),
        ("", LogLevel::Unset),
    ] {
        assert_eq!(settings(&[(LOG_LEVEL, word)]).log_level, expected, "{word}");
    }
}

#[test]
fn a_level_that_does_not_exist_is_refused_with_those_that_do() {
    let problem = problem(&[(LOG_LEVEL, "eror")]);
    assert_eq!((problem.key(), problem.value()), (LOG_LEVEL, Some("eror")));
    assert_eq!(problem.nearest(), Some("error"));
    assert!(
        problem.reason().contains("`none`, `fatal`, `error`"),
        "{problem}"
    );
}
