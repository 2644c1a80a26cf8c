//! From the annotated function to a receiver in another process.

use std::path::Path;
use std::process::Command;

use super::build::{Library, build, output, value};
use super::report::Row;
use super::sink::Sink;
use super::{Group, Options};

/// A load.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Spans a second; 0 is as fast as it goes.
    rate: u32,
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "e2e_100k",
        rate: 100_000,
    },
    Case {
        name: "e2e_2m",
        rate: 2_000_000,
    },
    Case {
        name: "e2e_max",
        rate: 0,
    },
];

/// Measures one case after the other; `show` gets the rows of each as soon as they are known.
pub(crate) fn run(options: &Options, mut show: impl FnMut(Vec<Row>)) -> Result<(), String> {
    let sink = build("sink")?;
    let programs = options
        .libraries(Group::EndToEnd)
        .map(|library| Ok((library, build(library.name())?)))
        .collect::<Result<Vec<_>, String>>()?;
    let (rounds, seconds) = if options.quick { (1, "0.5") } else { (3, "3") };
    for case in CASES.iter().filter(|case| options.wants(case.name)) {
        eprintln!("e2e: {}", case.name);
        let mut rows: Vec<Vec<Row>> = programs.iter().map(|_| Vec::new()).collect();
        for _ in 0..rounds {
            for ((library, program), rows) in programs.iter().zip(&mut rows) {
                rows.push(measure(case, *library, program, &sink, seconds)?);
            }
        }
        show(rows.into_iter().map(median_row).collect());
    }
    Ok(())
}

fn measure(
    case: &Case,
    library: Library,
    program: &Path,
    sink: &Path,
    seconds: &str,
) -> Result<Row, String> {
    let sink = Sink::start(sink)?;
    let mut command = Command::new(program);
    command.args(["e2e", &case.rate.to_string(), seconds, sink.endpoint()]);
    let line = output(&mut command)?;
    let (spans, bytes, requests) = sink.stop()?;
    let offered = value(&line, "offered")?;
    let exported = spans - value(&line, "warm_up")?;
    let mut row = Row::new(case.name, library, 1);
    row.lost = (offered - exported).max(0.0) as u64;
    row.more = vec![
        (
            "cpu_ns_per_exported_span",
            value(&line, "cpu_ns")? / exported.max(1.0),
        ),
        (
            "offered_per_second",
            offered / value(&line, "load_seconds")?,
        ),
        (
            "exported_per_second",
            exported / value(&line, "total_seconds")?,
        ),
        ("dropped", row.lost as f64),
        ("peak_mib", value(&line, "peak_bytes")? / f64::from(1 << 20)),
        ("bytes_per_span", bytes / spans.max(1.0)),
        ("requests", requests),
    ];
    Ok(row)
}

/// The round with the median CPU per exported span, whole: its figures belong together.
fn median_row(mut rows: Vec<Row>) -> Row {
    rows.sort_by(|a, b| a.more[0].1.total_cmp(&b.more[0].1));
    rows.swap_remove(rows.len() / 2)
}
