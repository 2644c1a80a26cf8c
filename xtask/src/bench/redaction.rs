//! What spans cost the collector's thread, and of it the rules for what nobody shall see.

use std::path::Path;
use std::process::Command;

use super::Options;
use super::build::{Library, build, output, value};
use super::instructions;
use super::report::Row;

/// Spans of so many fields; in some there is something to hide. Those of requests of HTTP are
/// encoded for OTLP as well.
const FIELDS: [(&str, &str, u32); 4] = [
    ("0", "discard", 2048),
    ("5", "discard", 2048),
    ("5secret", "discard", 2048),
    ("http", "otlp", 256),
];
const RULES: [&str; 3] = ["off", "credentials", "all"];

/// Measures every case in turn, and that several times; `show` gets one row of each.
pub(crate) fn run(options: &Options, mut show: impl FnMut(Vec<Row>)) -> Result<(), String> {
    let program = build("otelkit-redaction")?;
    let (rounds, bursts) = if options.quick { (1, "5") } else { (5, "200") };
    let counts = !options.quick && instructions::available();
    let cases: Vec<((&str, &str, u32), &str)> = FIELDS
        .iter()
        .flat_map(|fields| RULES.map(|rules| (*fields, rules)))
        .collect();
    let mut rows: Vec<Vec<Row>> = cases.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (((fields, exporter, _), rules), rows) in cases.iter().zip(&mut rows) {
            eprintln!("{fields} fields, rules {rules}");
            rows.push(measure(&program, [fields, rules, exporter], bursts)?);
        }
    }
    for (((fields, exporter, burst_spans), rules), mut rows) in cases.into_iter().zip(rows) {
        rows.sort_by(|a, b| {
            let ns = |row: &Row| row.ns_median.unwrap_or(f64::INFINITY);
            ns(a).total_cmp(&ns(b))
        });
        let mut row = rows.swap_remove(rows.len() / 2);
        if counts {
            let args = [fields, rules, exporter];
            row.instructions = Some(instructions::of_collector(&program, args, burst_spans)?);
        }
        show(vec![row]);
    }
    Ok(())
}

fn measure(program: &Path, args: [&str; 3], bursts: &str) -> Result<Row, String> {
    let line = output(Command::new(program).args(args).arg(bursts))?;
    let [fields, rules, _] = args;
    let mut row = Row::new(format!("redaction_{fields}_{rules}"), Library::Otelkit, 1);
    row.ns_median = Some(value(&line, "ns_median")?);
    row.ns_min = Some(value(&line, "ns_min")?);
    row.allocations = Some(value(&line, "allocations")?);
    let (expected, received) = (value(&line, "expected")?, value(&line, "received")?);
    if received < expected {
        return Err(format!("{received} of {expected} spans arrived"));
    }
    Ok(row)
}
