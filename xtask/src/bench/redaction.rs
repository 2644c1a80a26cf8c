//! What the rules for what nobody shall see cost the collector's thread.

use std::path::Path;
use std::process::Command;

use super::Options;
use super::build::{Library, build_redaction, output, value};
use super::report::Row;

/// Spans of so many fields; in the last ones there is something to hide.
const FIELDS: [&str; 3] = ["0", "5", "5secret"];
const RULES: [&str; 3] = ["off", "credentials", "all"];

/// Measures every case in turn, and that several times; `show` gets one row of each.
pub(crate) fn run(options: &Options, mut show: impl FnMut(Vec<Row>)) -> Result<(), String> {
    let program = build_redaction()?;
    let (rounds, bursts) = if options.quick { (1, "5") } else { (5, "200") };
    let cases: Vec<(&str, &str)> = FIELDS
        .iter()
        .flat_map(|fields| RULES.map(|rules| (*fields, rules)))
        .collect();
    let mut rows: Vec<Vec<Row>> = cases.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for ((fields, rules), rows) in cases.iter().zip(&mut rows) {
            eprintln!("{fields} fields, rules {rules}");
            rows.push(measure(&program, fields, rules, bursts)?);
        }
    }
    for mut rows in rows {
        rows.sort_by(|a, b| {
            let ns = |row: &Row| row.ns_median.unwrap_or(f64::INFINITY);
            ns(a).total_cmp(&ns(b))
        });
        show(vec![rows.swap_remove(rows.len() / 2)]);
    }
    Ok(())
}

fn measure(program: &Path, fields: &str, rules: &str, bursts: &str) -> Result<Row, String> {
    let line = output(Command::new(program).args([fields, rules, bursts]))?;
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
