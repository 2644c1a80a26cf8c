//! OtelKit itself; measured as soon as its runtime can be installed.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!("otelkit: the runtime cannot be installed yet");
    ExitCode::FAILURE
}
