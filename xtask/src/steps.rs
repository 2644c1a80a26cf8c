//! Steps of a task: run in order, each with a heading and its time; the first failure ends it.

use std::time::{Duration, Instant};

/// How a step ended, when it did not fail.
pub(crate) enum Outcome {
    Passed,
    /// Passed in part: each entry says what was left out and why.
    PassedWithout(Vec<String>),
    /// Nothing was run; why.
    Skipped(String),
}

/// One named step of a task.
pub(crate) struct Step {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<Outcome, String>,
}

impl Step {
    pub(crate) const fn new(
        name: &'static str,
        about: &'static str,
        run: fn() -> Result<Outcome, String>,
    ) -> Self {
        Self { name, about, run }
    }
}

/// Runs the steps named in `words`, or all of them, and prints a table of them at the end. The
/// first failure ends the task, or with `--keep-going` the last step does.
pub(crate) fn run(task: &str, steps: &[Step], words: &[String]) -> Result<(), String> {
    let (options, names): (Vec<&str>, Vec<&str>) = words
        .iter()
        .map(String::as_str)
        .partition(|word| word.starts_with('-'));
    if options.contains(&"--list") || options.contains(&"--help") {
        steps
            .iter()
            .for_each(|step| println!("{:<10} {}", step.name, step.about));
        return Ok(());
    }
    if let Some(unknown) = options.iter().find(|option| **option != "--keep-going") {
        return Err(format!(
            "`{task}` has no option `{unknown}`; it has: --list, --keep-going"
        ));
    }
    if let Some(unknown) = names
        .iter()
        .find(|name| !steps.iter().any(|s| s.name == **name))
    {
        let known: Vec<_> = steps.iter().map(|step| step.name).collect();
        return Err(format!(
            "`{task}` has no step `{unknown}`; it has: {}",
            known.join(", ")
        ));
    }
    let mut report = Report::new(task);
    for step in steps
        .iter()
        .filter(|step| names.is_empty() || names.contains(&step.name))
    {
        println!("\n━━ {task} · {} — {} ━━", step.name, step.about);
        let started = Instant::now();
        report.add(step, (step.run)(), started.elapsed());
        if !report.failures.is_empty() && !options.contains(&"--keep-going") {
            break;
        }
    }
    report.print()
}

/// What came of the steps that ran.
struct Report<'a> {
    task: &'a str,
    begun: Instant,
    lines: Vec<String>,
    left_out: Vec<String>,
    failures: Vec<String>,
    passed: usize,
    skipped: usize,
}

impl<'a> Report<'a> {
    fn new(task: &'a str) -> Self {
        Self {
            task,
            begun: Instant::now(),
            lines: Vec::new(),
            left_out: Vec::new(),
            failures: Vec::new(),
            passed: 0,
            skipped: 0,
        }
    }

    fn add(&mut self, step: &Step, outcome: Result<Outcome, String>, time: Duration) {
        let name = step.name;
        let mut leave_out = |what: String| self.left_out.push(format!("{name}: {what}"));
        let mark = match outcome {
            Ok(Outcome::Passed) => "passed",
            Ok(Outcome::PassedWithout(what)) => {
                what.into_iter().for_each(&mut leave_out);
                "passed, in part"
            }
            Ok(Outcome::Skipped(why)) => {
                leave_out(why);
                "skipped"
            }
            Err(why) => {
                println!("failed: {why}");
                self.failures.push(format!("{name}: {why}"));
                "FAILED"
            }
        };
        self.passed += usize::from(mark.starts_with("passed"));
        self.skipped += usize::from(mark == "skipped");
        self.lines
            .push(format!("  {name:<10} {}  {mark}", minutes(time)));
    }

    fn print(&self) -> Result<(), String> {
        println!("\n━━ {}: {} ━━", self.task, minutes(self.begun.elapsed()));
        self.lines.iter().for_each(|line| println!("{line}"));
        if !self.left_out.is_empty() {
            println!("left out:");
            self.left_out.iter().for_each(|what| println!("  {what}"));
        }
        let failed = self.failures.len();
        println!(
            "steps: {} passed, {failed} failed, {} skipped",
            self.passed, self.skipped
        );
        if self.failures.is_empty() {
            return Ok(());
        }
        let names = self
            .failures
            .iter()
            .filter_map(|failure| failure.split(':').next());
        let names: Vec<_> = names.collect();
        let again = format!("cargo xtask {} {}", self.task, names.join(" "));
        Err(format!("{}\n\nagain: {again}", self.failures.join("\n")))
    }
}

fn minutes(time: Duration) -> String {
    format!("{:>2}:{:02} min", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    const FAILING_FIRST: [Step; 2] = [
        Step::new("bad", "fails", || Err("as it should".to_owned())),
        Step::new("worse", "fails as well", || Err("too".to_owned())),
    ];

    #[test]
    fn the_first_failure_ends_a_task_and_names_its_step() {
        let message = run("task", &FAILING_FIRST, &[]).unwrap_err();
        assert_eq!(message, "bad: as it should\n\nagain: cargo xtask task bad");
    }

    #[test]
    fn keep_going_tells_every_failure() {
        let message = run("task", &FAILING_FIRST, &words("--keep-going")).unwrap_err();
        assert!(
            message.ends_with("again: cargo xtask task bad worse"),
            "{message}"
        );
    }

    #[test]
    fn a_step_that_does_not_exist_is_refused_with_those_that_do() {
        let message = run("task", &FAILING_FIRST, &words("goood")).unwrap_err();
        assert_eq!(message, "`task` has no step `goood`; it has: bad, worse");
    }
}
