//! The cost of a span, of counting, of a log line, or of a request that is observed, on the caller's
//! thread: what a call costs above the same call without, which is measured in between.

use std::path::PathBuf;
use std::process::Command;

use super::build::{
    Library, build, build_counting, build_logging, build_serving, is_absent, median, output, value,
};
use super::report::Row;
use super::sink::Sink;
use super::{Group, Options, instructions};

/// A case, and with how many threads it is run.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    threads: &'static [u32],
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "child0",
        threads: &[1, 2],
    },
    Case {
        name: "child1",
        threads: &[1],
    },
    Case {
        name: "async1",
        threads: &[1],
    },
    Case {
        name: "async10",
        threads: &[1],
    },
    Case {
        name: "trace11",
        threads: &[1],
    },
    Case {
        name: "events10",
        threads: &[1],
    },
    Case {
        name: "logs10",
        threads: &[1],
    },
    Case {
        name: "unsampled",
        threads: &[1],
    },
    Case {
        name: "unsampled_async",
        threads: &[1],
    },
    Case {
        name: "off",
        threads: &[1],
    },
    Case {
        name: "off_async",
        threads: &[1],
    },
];

pub(crate) const METRIC_CASES: &[Case] = &[
    Case {
        name: "counter",
        threads: &[1, 2],
    },
    Case {
        name: "histogram",
        threads: &[1, 2],
    },
    Case {
        name: "function",
        threads: &[1, 2],
    },
    Case {
        name: "both",
        threads: &[1, 2],
    },
];

pub(crate) const LOG_CASES: &[Case] = &[Case {
    name: "log_line",
    threads: &[1, 2],
}];

pub(crate) const REQUEST_CASES: &[Case] = &[
    Case {
        name: "request",
        threads: &[1, 2],
    },
    Case {
        name: "called_request",
        threads: &[1],
    },
];

/// Measures one case after the other; `show` gets the rows of each as soon as they are known.
pub(crate) fn run(
    group: Group,
    options: &Options,
    mut show: impl FnMut(Vec<Row>),
) -> Result<(), String> {
    let cases = match group {
        Group::Metrics => METRIC_CASES,
        Group::Logs => LOG_CASES,
        Group::Requests => REQUEST_CASES,
        _ => CASES,
    };
    let sink = build("sink")?;
    let programs = [Library::Bare]
        .into_iter()
        .chain(options.libraries(group))
        .map(|library| {
            let program = match group {
                Group::Metrics => build_counting(library)?,
                Group::Logs => build_logging(library)?,
                Group::Requests => build_serving(library)?,
                _ => build(library.name())?,
            };
            Ok((library, program))
        })
        .collect::<Result<Vec<_>, String>>()?;
    let sink = Sink::start(&sink)?;
    let counts = instructions::available();
    if !counts {
        eprintln!("no valgrind, so instructions are not counted");
    }
    for case in cases.iter().filter(|case| options.wants(case.name)) {
        for &threads in case.threads {
            eprintln!("{}, threads: {threads}", case.name);
            let runs = runs_of(case, threads, &programs);
            show(above_bare(measured(
                runs,
                options,
                sink.endpoint(),
                counts,
            )?));
        }
    }
    Ok(())
}

/// The rows of one case, library by library, the bare functions first. A library that has nothing
/// for it has no row.
fn measured(
    mut runs: Vec<Run>,
    options: &Options,
    endpoint: &str,
    counts: bool,
) -> Result<Vec<Row>, String> {
    let (rounds, size): (_, &[&str]) = match options.quick {
        true => (1, &["bursts=40", "warm_up=100"]),
        false => (5, &[]),
    };
    for _ in 0..rounds {
        for run in &mut runs {
            run.measure(endpoint, size)?;
        }
        runs.retain(|run| !run.medians.is_empty());
    }
    let workers = match counts {
        // A count does not depend on what else runs, so here nobody has to wait his turn.
        true => std::thread::available_parallelism().map_or(1, usize::from),
        false => 1,
    };
    let per_worker = runs.len().div_ceil(workers).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = runs
            .chunks_mut(per_worker)
            .map(|runs| {
                scope.spawn(move || {
                    let rows = runs.iter_mut().map(|run| run.finish(endpoint, counts));
                    rows.collect::<Result<Vec<_>, String>>()
                })
            })
            .collect();
        let mut rows = Vec::new();
        for worker in workers {
            rows.extend(
                worker
                    .join()
                    .map_err(|_| "a worker panicked".to_owned())??,
            );
        }
        Ok(rows)
    })
}

/// The figures less those of the same functions without annotation, which stay as they are.
fn above_bare(mut rows: Vec<Row>) -> Vec<Row> {
    let less = |figure: Option<f64>, bare: Option<f64>| Some((figure? - bare?).max(0.0));
    if let Some((bare, others)) = rows.split_first_mut() {
        for row in others {
            row.ns_median = less(row.ns_median, bare.ns_median);
            row.ns_min = less(row.ns_min, bare.ns_min);
            row.instructions = less(row.instructions, bare.instructions);
        }
    }
    rows
}

/// A library in a case.
struct Run {
    case: &'static str,
    threads: u32,
    library: Library,
    program: PathBuf,
    medians: Vec<f64>,
    minima: Vec<f64>,
    allocations: Vec<f64>,
    lost: u64,
}

fn runs_of(case: &Case, threads: u32, programs: &[(Library, PathBuf)]) -> Vec<Run> {
    let run = |(library, program): &(Library, PathBuf)| Run {
        case: case.name,
        threads,
        library: *library,
        program: program.clone(),
        medians: Vec::new(),
        minima: Vec::new(),
        allocations: Vec::new(),
        lost: 0,
    };
    programs.iter().map(run).collect()
}

impl Run {
    fn measure(&mut self, endpoint: &str, size: &[&str]) -> Result<(), String> {
        let mut command = Command::new(&self.program);
        command.args(["micro", self.case]).args(size);
        command.arg(format!("threads={}", self.threads));
        command.arg(format!("endpoint={endpoint}"));
        let line = output(&mut command)?;
        if is_absent(&line) {
            return Ok(());
        }
        self.medians.push(value(&line, "ns_median")?);
        self.minima.push(value(&line, "ns_min")?);
        self.allocations.push(value(&line, "allocations")?);
        if self.library == Library::Bare {
            return Ok(());
        }
        self.lost += (value(&line, "expected")? - value(&line, "received")?).abs() as u64;
        Ok(())
    }

    fn finish(&mut self, endpoint: &str, count_instructions: bool) -> Result<Row, String> {
        let mut row = Row::new(self.case, self.library, self.threads);
        row.ns_median = Some(median(&mut self.medians));
        row.ns_min = self.minima.iter().copied().min_by(f64::total_cmp);
        row.allocations = Some(median(&mut self.allocations));
        row.lost = self.lost;
        if count_instructions && self.threads == 1 {
            row.instructions = Some(instructions::per_span(&self.program, self.case, endpoint)?);
        }
        Ok(row)
    }
}
