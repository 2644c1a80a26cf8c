//! The command line: which command, and what its exit code is.

mod console;
mod endpoint;
mod executor;
mod import;
mod load;
mod logs;
mod observed;
mod serve;
mod stop;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use console::say;

/// Resources with dependencies on each other, kept in a database, observed with OtelKit.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Import a Cargo.lock, run every query once, and show the trace and the metrics.
    ///
    /// Each package becomes a resource, in one transaction; run again, only what changed is
    /// written. The tree and the figures go to stdout, progress and errors to stderr. The
    /// standard OTEL_ variables send traces and metrics elsewhere as well, such as
    /// OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318.
    Import(import::Import),
    /// Offer the resources over HTTP and gRPC until Ctrl-C or SIGTERM.
    ///
    /// Then no new request is taken, those under way are answered, telemetry is delivered, and the
    /// exit code is 0. The addresses go to stderr.
    Serve(serve::Serve),
    /// Drive a service at a steady rate over HTTP and gRPC, and show how long its answers took.
    ///
    /// Without an address the service is part of this program, on ports and a database of its own.
    Load(load::Load),
}

fn main() -> ExitCode {
    let ended = match Cli::parse().command {
        Command::Import(arguments) => import::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Load(arguments) => load::run(&arguments),
    };
    ended.unwrap_or_else(|reason| {
        say("error", &reason);
        ExitCode::from(1)
    })
}
