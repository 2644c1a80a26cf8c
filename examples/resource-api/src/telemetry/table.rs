//! The operations as a table.

use super::latency::Operation;
use super::write::{duration, printable};

/// How the cells of a line are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One below the other, for people.
    Columns,
    /// By a tab, for programs.
    Tabs,
}

const HEADINGS: [&str; 6] = ["operation", "calls", "p50", "p95", "p99", "errors"];

type Row = [String; HEADINGS.len()];

/// A line for each operation, below a line of headings; nothing if there are none.
///
/// Percentiles are those of the histogram's buckets: at most the width of a bucket above the true
/// ones, never below.
#[must_use]
pub fn table(operations: &[Operation], layout: Layout) -> String {
    if operations.is_empty() {
        return String::new();
    }
    let headings = HEADINGS.map(str::to_owned);
    let rows: Vec<Row> = [headings]
        .into_iter()
        .chain(operations.iter().map(row))
        .collect();
    let line = |row: &Row| match layout {
        Layout::Tabs => row.join("\t"),
        Layout::Columns => columns(row, &widths(&rows)),
    };
    rows.iter().map(|row| line(row) + "\n").collect()
}

fn row(operation: &Operation) -> Row {
    let at = |share| {
        let seconds = operation.durations.quantile(share);
        seconds.map_or_else(String::new, |it| duration((it * 1e9).round() as u64))
    };
    let failures = operation.failures.iter();
    let failures: Vec<String> = failures
        .map(|(failure, calls)| format!("{calls} {}", printable(failure)))
        .collect();
    [
        printable(&operation.name),
        operation.durations.count().to_string(),
        at(0.5),
        at(0.95),
        at(0.99),
        failures.join(", "),
    ]
}

fn widths(rows: &[Row]) -> [usize; HEADINGS.len()] {
    std::array::from_fn(|column| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    })
}

/// Texts stand at the left of their column, numbers at the right.
fn columns(row: &Row, widths: &[usize; HEADINGS.len()]) -> String {
    let [name, numbers @ .., errors] = row;
    let mut line = format!("{name:<width$}", width = widths[0]);
    for (number, width) in numbers.iter().zip(&widths[1..]) {
        line.push_str(&format!("  {number:>width$}"));
    }
    line.push_str("  ");
    line.push_str(errors);
    line.truncate(line.trim_end().len());
    line
}
