//! What it costs to read every series and to write it out.

use std::path::PathBuf;
use std::process::Command;

use super::build::{Library, build_counting, output, value};
use super::report::Row;
use super::{Group, Options};

/// So many series.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    series: u32,
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "scrape_10k",
        series: 10_000,
    },
    Case {
        name: "scrape_100k",
        series: 100_000,
    },
];

/// Measures one case after the other; `show` gets the rows of each as soon as they are known.
pub(crate) fn run(options: &Options, mut show: impl FnMut(Vec<Row>)) -> Result<(), String> {
    let programs = options
        .libraries(Group::Scrapes)
        .map(|library| Ok((library, build_counting(library)?)))
        .collect::<Result<Vec<_>, String>>()?;
    let rounds = if options.quick { 1 } else { 5 };
    for case in CASES.iter().filter(|case| options.wants(case.name)) {
        eprintln!("{}", case.name);
        let mut rows: Vec<Vec<Row>> = programs.iter().map(|_| Vec::new()).collect();
        for _ in 0..rounds {
            for (program, rows) in programs.iter().zip(&mut rows) {
                rows.push(measure(case, program)?);
            }
        }
        show(rows.into_iter().map(median_row).collect());
    }
    Ok(())
}

fn measure(case: &Case, (library, program): &(Library, PathBuf)) -> Result<Row, String> {
    let mut command = Command::new(program);
    let line = output(command.args(["scrape", &case.series.to_string()]))?;
    let mut row = Row::new(case.name, *library, 1);
    row.ns_median = Some(value(&line, "ns_median")?);
    row.ns_min = Some(value(&line, "ns_min")?);
    let mib = |key| Ok::<_, String>(value(&line, key)? / f64::from(1 << 20));
    row.more = vec![
        ("bytes", value(&line, "bytes")?),
        ("store_mib", mib("store_bytes")?),
        ("peak_mib", mib("peak_bytes")?),
    ];
    Ok(row)
}

/// The round with the median time, whole: its figures belong together.
fn median_row(mut rows: Vec<Row>) -> Row {
    rows.sort_by(|a, b| {
        let ns = |row: &Row| row.ns_median.unwrap_or(f64::INFINITY);
        ns(a).total_cmp(&ns(b))
    });
    rows.swap_remove(rows.len() / 2)
}
