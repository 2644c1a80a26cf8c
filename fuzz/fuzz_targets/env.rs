//! Whatever the environment holds, reading it gives a configuration or an
//! error that names the variables at fault.
#![no_main]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use libfuzzer_sys::fuzz_target;
use otel_runtime::Config;

/// Names that end in what the input says, so that the fuzzer need not find them.
const PREFIXES: [&str; 9] = [
    "OTEL_",
    "OTEL_TRACES_",
    "OTEL_PROPAGATORS",
    "OTEL_BSP_",
    "OTEL_SPAN_",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_EXPORTER_OTLP_",
    "OTEL_EXPORTER_OTLP_TRACES_",
    "OTEL_EXPORTER_OTLP_HEADERS",
];

// lines of a digit, the rest of a name, `=` and a value
fuzz_target!(|input: &[u8]| {
    let vars: Vec<_> = input
        .split(|byte| *byte == b'\n')
        .filter_map(variable)
        .collect();
    let names: Vec<_> = vars.iter().map(|(name, _)| name.clone()).collect();
    if let Err(error) = Config::from_vars(vars) {
        assert!(!error.problems().is_empty());
        for problem in error.problems() {
            assert!(names.iter().any(|name| name == problem.key()), "{problem}");
        }
    }
});

fn variable(line: &[u8]) -> Option<(String, &OsStr)> {
    let (&digit, line) = line.split_first()?;
    let at = line.iter().position(|byte| *byte == b'=')?;
    let rest = str::from_utf8(&line[..at]).ok()?;
    let prefix = PREFIXES[usize::from(digit) % PREFIXES.len()];
    Some((
        format!("{prefix}{rest}"),
        OsStr::from_bytes(&line[at + 1..]),
    ))
}
