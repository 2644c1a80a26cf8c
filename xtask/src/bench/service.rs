//! A service under load, with the telemetry that its library gives it and without any.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::build::{Library, build, median, output, value};
use super::report::Row;
use super::sink::Sink;
use super::{Group, Options};

pub(crate) const CASE: &str = "service";

/// What one round measures: requests a second, CPU per request, half and 99 of 100 answers, memory,
/// spans per request.
type Figures = [f64; 6];

struct Measured {
    library: Library,
    program: PathBuf,
    rounds: Vec<Figures>,
}

/// Measures all libraries, in turn; `show` gets the rows at the end.
pub(crate) fn run(options: &Options, mut show: impl FnMut(Vec<Row>)) -> Result<(), String> {
    let (sink, drive) = (build("sink")?, build("drive")?);
    let (rounds, seconds) = if options.quick { (1, "0.5") } else { (5, "4") };
    let mut measured = [Library::Bare]
        .into_iter()
        .chain(options.libraries(Group::Service))
        .map(|library| {
            let program = build(&format!("{}-service", library.name()))?;
            let rounds = Vec::new();
            Ok(Measured {
                library,
                program,
                rounds,
            })
        })
        .collect::<Result<Vec<_>, String>>()?;
    for round in 1..=rounds {
        eprintln!("{CASE}: round {round} of {rounds}");
        for measured in &mut measured {
            let figures = figures(&measured.program, &sink, &drive, seconds)?;
            measured.rounds.push(figures);
        }
    }
    let mut medians = measured.iter_mut().map(|it| (it.library, it.medians()));
    let Some((_, bare)) = medians.next() else {
        return Err("nothing was measured".to_owned());
    };
    let rows = [(Library::Bare, bare)].into_iter().chain(medians);
    show(
        rows.map(|(library, figures)| row(library, figures, bare))
            .collect(),
    );
    Ok(())
}

impl Measured {
    fn medians(&mut self) -> Figures {
        std::array::from_fn(|at| {
            let mut values: Vec<f64> = self.rounds.iter().map(|figures| figures[at]).collect();
            median(&mut values)
        })
    }
}

fn row(library: Library, figures: Figures, bare: Figures) -> Row {
    let [per_second, cpu_ns, p50_ns, p99_ns, peak_bytes, spans] = figures;
    let mut row = Row::new(CASE, library, 1);
    row.more = vec![
        ("cpu_us_per_request", cpu_ns / 1e3),
        ("requests_per_second", per_second),
        ("percent_of_bare", per_second / bare[0] * 100.0),
        ("p50_us", p50_ns / 1e3),
        ("p99_us", p99_ns / 1e3),
        ("mib_over_bare", (peak_bytes - bare[4]) / f64::from(1 << 20)),
        ("spans_per_request", spans),
    ];
    row
}

fn figures(program: &Path, sink: &Path, drive: &Path, seconds: &str) -> Result<Figures, String> {
    let sink = Sink::start(sink)?;
    let service = Service::start(program, sink.endpoint())?;
    let driven = output(Command::new(drive).args([service.port.as_str(), seconds]))?;
    let ended = service.stop()?;
    let (spans, ..) = sink.stop()?;
    let requests = value(&driven, "requests")?;
    Ok([
        value(&driven, "per_second")?,
        value(&ended, "cpu_ns")? / requests,
        value(&driven, "p50_ns")?,
        value(&driven, "p99_ns")?,
        value(&ended, "peak_bytes")?,
        spans / requests,
    ])
}

/// A running service; it leaves when it is dropped or stopped.
struct Service {
    process: Child,
    stdout: BufReader<ChildStdout>,
    port: String,
}

impl Service {
    fn start(program: &Path, endpoint: &str) -> Result<Self, String> {
        let mut process = Command::new(program)
            .arg(endpoint)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", program.display()))?;
        let stdout = process.stdout.take().ok_or("the service has no output")?;
        let mut stdout = BufReader::new(stdout);
        let mut port = String::new();
        stdout
            .read_line(&mut port)
            .map_err(|error| error.to_string())?;
        Ok(Self {
            process,
            stdout,
            port: port.trim().to_owned(),
        })
    }

    /// Ends the service; what it says then.
    fn stop(mut self) -> Result<String, String> {
        drop(self.process.stdin.take());
        let mut line = String::new();
        self.stdout
            .read_to_string(&mut line)
            .map_err(|error| error.to_string())?;
        Ok(line)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It may have left already; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
