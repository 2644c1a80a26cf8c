//! What the program says: results on stdout, everything else on stderr, a line each.

use std::io::{self, Write};

use otel_runtime::Loss;

/// Nobody reads on (`| head`): no reason to fail.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(|error| format!("stdout cannot be written to: {error}")),
    }
}

pub(crate) fn warn(loss: &Loss) {
    say("warning", &loss.to_string());
}

/// One line on stderr, whatever the text quotes.
pub(crate) fn say(what: &str, text: &str) {
    let text: String = text
        .chars()
        .map(|it| if it.is_control() { ' ' } else { it })
        .collect();
    // if stderr is closed too, the exit code has to do
    let _ = writeln!(io::stderr(), "{what}: {text}");
}
