//! What is logged, where to, and what it looks like.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use otel_runtime::Config;
use otel_runtime::export::lines::{LineForm, LinesExporter};
use otel_runtime::log::LogFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::console::say;

/// The arguments that are about logs.
#[derive(Args, Debug)]
pub(crate) struct Logs {
    /// Log to this program's output, for machines or for people
    ///
    /// `serve` logs to stdout; the others, whose stdout is for results, to stderr.
    #[arg(long, value_name = "FORM")]
    log: Option<Form>,
    /// What is logged: a level for all, then parts of the program with levels of their own
    ///
    /// Such as `info,resource_api::service=debug,sqlx=warn`.
    #[arg(long, value_name = "FILTER", default_value = "info")]
    log_filter: LogFilter,
}

/// What a line looks like.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// A JSON object a line
    Json,
    /// Lines for people, in colour on a terminal
    Pretty,
}

/// Which of the outputs is free for logs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Output {
    Stdout,
    Stderr,
}

impl Logs {
    /// Has what is said through `tracing`, here and in libraries, logged as the arguments say.
    pub(crate) fn configure(&self, config: Config, output: Output) -> Config {
        let subscriber = tracing_subscriber::registry().with(otelkit_tracing::layer());
        if let Err(error) = subscriber.try_init() {
            say("warning", &format!("nothing is logged: {error}"));
        }
        let config = config.log_filter(self.log_filter.clone());
        let Some(form) = self.log else { return config };
        let (lines, is_terminal) = match output {
            Output::Stdout => (LinesExporter::stdout(), io::stdout().is_terminal()),
            Output::Stderr => (LinesExporter::stderr(), io::stderr().is_terminal()),
        };
        config.with_exporter(lines.form(match form {
            Form::Json => LineForm::Json,
            Form::Pretty => LineForm::Readable {
                color: is_terminal && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty()),
            },
        }))
    }
}
