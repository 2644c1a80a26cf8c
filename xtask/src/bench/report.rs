//! Results as tables for people and as JSON for programs.

use super::Group;
use super::build::Library;

/// One library in one case.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) case: String,
    pub(crate) library: Library,
    pub(crate) threads: u32,
    pub(crate) ns_median: Option<f64>,
    pub(crate) ns_min: Option<f64>,
    pub(crate) allocations: Option<f64>,
    pub(crate) instructions: Option<f64>,
    /// Spans or counts that were made and did not arrive.
    pub(crate) lost: u64,
    /// What only this group measures: name and value.
    pub(crate) more: Vec<(&'static str, f64)>,
}

impl Row {
    pub(crate) fn new(case: impl Into<String>, library: Library, threads: u32) -> Self {
        Self {
            case: case.into(),
            library,
            threads,
            ns_median: None,
            ns_min: None,
            allocations: None,
            instructions: None,
            lost: 0,
            more: Vec::new(),
        }
    }

    fn json(&self) -> String {
        let number = |value: Option<f64>| value.map_or("null".to_owned(), json_number);
        let mut json = format!(
            r#"{{"case":"{}","library":"{}","threads":{},"ns_median":{},"ns_min":{},"allocations":{},"instructions":{},"lost":{}"#,
            self.case,
            self.library.name(),
            self.threads,
            number(self.ns_median),
            number(self.ns_min),
            number(self.allocations),
            number(self.instructions),
            self.lost,
        );
        for (name, value) in &self.more {
            json.push_str(&format!(r#","{name}":{}"#, json_number(*value)));
        }
        json + "}"
    }

    fn cells(&self) -> Vec<(&'static str, String)> {
        let mut cells = Vec::new();
        let mut push = |name, value: Option<f64>| {
            if let Some(value) = value {
                cells.push((name, readable(value)));
            }
        };
        push("ns median", self.ns_median);
        push("ns min", self.ns_min);
        push("allocations", self.allocations);
        push("instructions", self.instructions);
        for (name, value) in &self.more {
            push(name, Some(*value));
        }
        cells
    }
}

pub(crate) fn print(group: Group, rows: &[Row], json: bool) {
    if json {
        let libraries = rows.iter().filter(|row| row.library != Library::Bare);
        libraries.for_each(|row| println!("{}", row.json()));
    } else {
        print!("{}", tables(group, rows));
    }
}

/// One table a case, as Markdown that also reads well on a terminal.
fn tables(group: Group, rows: &[Row]) -> String {
    let mut text = String::new();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let same = |row: &&Row| row.case == first.case && row.threads == first.threads;
        let length = rest.iter().take_while(same).count();
        let (table, next) = rest.split_at(length);
        rest = next;
        let threads = if first.threads == 1 {
            ""
        } else {
            ", two threads"
        };
        text.push_str(&format!("\n### {}{threads}\n\n", first.case));
        text.push_str(&aligned(&cells(group, table)));
    }
    text
}

fn cells(group: Group, rows: &[Row]) -> Vec<Vec<String>> {
    let ratio = |row: &Row| -> Option<f64> {
        let figure = |row: &Row| match group {
            Group::Spans
            | Group::Metrics
            | Group::Logs
            | Group::Requests
            | Group::Scrapes
            | Group::Redaction => row.ns_median,
            Group::EndToEnd | Group::Service | Group::Compile => {
                row.more.first().map(|(_, value)| *value)
            }
        };
        if row.library == Library::Bare {
            return None;
        }
        let ours = rows.iter().find(|row| row.library == Library::Otelkit)?;
        Some(figure(row)? / figure(ours)?)
    };
    let mut lines = Vec::new();
    for row in rows {
        let cells = row.cells();
        if lines.is_empty() {
            let mut head = vec!["library".to_owned()];
            head.extend(cells.iter().map(|(name, _)| (*name).to_owned()));
            head.insert(2.min(head.len()), "ratio".to_owned());
            lines.push(head);
        }
        let mut line = vec![row.library.name().to_owned()];
        line.extend(cells.into_iter().map(|(_, value)| value));
        let ratio = ratio(row).map_or("-".to_owned(), |ratio| format!("{ratio:.1}"));
        line.insert(2.min(line.len()), ratio);
        if group.is_on_the_callers_thread() && row.lost > 0 {
            line.push(format!("LOST {}", row.lost));
        }
        lines.push(line);
    }
    lines
}

fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |line: &Vec<String>, column: usize| line.get(column).cloned().unwrap_or_default();
    let width = |column: usize| {
        lines
            .iter()
            .map(|line| cell(line, column).len())
            .max()
            .unwrap_or(0)
            .max(3)
    };
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        for column in 0..columns {
            let (cell, width) = (cell(line, column), width(column));
            text.push_str(&match column {
                0 => format!("| {cell:<width$} "),
                _ => format!("| {cell:>width$} "),
            });
        }
        text.push_str("|\n");
        if index == 0 {
            for column in 0..columns {
                let dashes = "-".repeat(width(column));
                text.push_str(&if column == 0 {
                    format!("| {dashes} ")
                } else {
                    format!("| {}: ", &dashes[1..])
                });
            }
            text.push_str("|\n");
        }
    }
    text
}

fn readable(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 1000.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

fn json_number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_line_has_every_promised_key() {
        let mut row = Row::new("child0", Library::Otelkit, 1);
        row.ns_median = Some(24.5);
        row.allocations = Some(0.0);
        row.more.push(("offered", 3.0));
        assert_eq!(
            row.json(),
            r#"{"case":"child0","library":"otelkit","threads":1,"ns_median":24.500,"ns_min":null,"allocations":0,"instructions":null,"lost":0,"offered":3}"#
        );
    }

    #[test]
    fn a_table_compares_with_otelkit() {
        let row = |library, ns| Row {
            ns_median: Some(ns),
            ..Row::new("child0", library, 1)
        };
        let text = tables(
            Group::Spans,
            &[row(Library::Otelkit, 20.0), row(Library::Fastrace, 50.0)],
        );
        assert_eq!(
            text,
            "\n### child0\n\n\
             | library  | ns median | ratio |\n\
             | -------- | --------: | ----: |\n\
             | otelkit  |        20 |   1.0 |\n\
             | fastrace |        50 |   2.5 |\n"
        );
    }
}
