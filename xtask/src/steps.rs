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

/// Runs the steps named in `words`, or all of them, and prints a table of them at the end.
pub(crate) fn run(task: &str, steps: &[Step], words: &[String]) -> Result<(), String> {
    if words
        .iter()
        .any(|word| word == "--list" || word == "--help")
    {
        steps
            .iter()
            .for_each(|step| println!("{:<14} {}", step.name, step.about));
        return Ok(());
    }
    if let Some(unknown) = words
        .iter()
        .find(|word| !steps.iter().any(|s| s.name == **word))
    {
        let names: Vec<_> = steps.iter().map(|step| step.name).collect();
        return Err(format!(
            "`{task}` has no step `{unknown}`; it has: {}",
            names.join(", ")
        ));
    }
    let chosen = |step: &&Step| words.is_empty() || words.iter().any(|word| word == step.name);
    let begun = Instant::now();
    let mut lines = Vec::new();
    let mut omissions = Vec::new();
    let (mut passed, mut skipped) = (0_usize, 0_usize);
    for step in steps.iter().filter(chosen) {
        println!("\n━━ {} · {} — {} ━━", task, step.name, step.about);
        let started = Instant::now();
        let outcome = (step.run)().map_err(|e| {
            format!(
                "step `{}` of `{task}` failed: {e}\n  cargo xtask {task} {0}",
                step.name
            )
        })?;
        let mark = match outcome {
            Outcome::Passed => "passed",
            Outcome::PassedWithout(what) => {
                omissions.extend(
                    what.into_iter()
                        .map(|what| format!("{}: {what}", step.name)),
                );
                "passed, in part"
            }
            Outcome::Skipped(why) => {
                omissions.push(format!("{}: {why}", step.name));
                "skipped"
            }
        };
        *(if mark == "skipped" {
            &mut skipped
        } else {
            &mut passed
        }) += 1;
        lines.push(format!(
            "  {:<14} {:>7}  {mark}",
            step.name,
            minutes(started.elapsed())
        ));
    }
    println!("\n━━ {task}: {} ━━", minutes(begun.elapsed()));
    lines.iter().for_each(|line| println!("{line}"));
    if !omissions.is_empty() {
        println!("left out:");
        omissions.iter().for_each(|what| println!("  {what}"));
    }
    println!("{passed} passed, 0 failed, {skipped} skipped");
    Ok(())
}

fn minutes(time: Duration) -> String {
    format!("{}:{:02} min", time.as_secs() / 60, time.as_secs() % 60)
}
