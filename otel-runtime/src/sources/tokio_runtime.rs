//! What a tokio runtime says of itself, as far as tokio keeps it in its stable part.

use std::borrow::Cow;

use tokio::runtime::{Handle, RuntimeMetrics};

use super::draft::{Draft, Number, Title, int, text};
use crate::metric::{self, Attached, AttributeValue, Attributes, Metric, NumberValue, Source};

/// Has the metrics of a tokio runtime read with all others, until what is returned is dropped.
///
/// They are `tokio.runtime.worker.count`, `tokio.runtime.task.alive`,
/// `tokio.runtime.global_queue.depth`, and for each worker `tokio.runtime.worker.busy.time` in seconds
/// and `tokio.runtime.worker.parks`, how often it has gone to sleep; each with the name as
/// `tokio.runtime.name`, and those of a worker with its number as `tokio.worker`.
///
/// ```
/// # fn main() -> Result<(), std::io::Error> {
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// let observed = otel_runtime::observe_tokio("main", runtime.handle());
/// # drop(observed);
/// # Ok(())
/// # }
/// ```
///
/// A runtime that has ended is read on, with the figures of its end. In a forked child nothing is
/// attached.
///
/// # Cost
/// Nothing that tokio does not count anyway; a reading takes well below a microsecond for each
/// worker.
pub fn observe_tokio(name: impl Into<Cow<'static, str>>, runtime: &Handle) -> Attached {
    metric::attach_own(Runtime {
        name: name.into(),
        metrics: runtime.metrics(),
    })
}

struct Runtime {
    name: Cow<'static, str>,
    metrics: RuntimeMetrics,
}

impl Runtime {
    fn attributes(&self) -> Attributes {
        vec![text(
            "tokio.runtime.name",
            AttributeValue::Str(self.name.clone()),
        )]
    }

    fn of_workers(&self, number: impl Fn(usize) -> NumberValue) -> Vec<Number> {
        let workers = 0..self.metrics.num_workers();
        workers
            .map(|worker| {
                let mut attributes = self.attributes();
                attributes.push(text("tokio.worker", worker as i64));
                (attributes, number(worker))
            })
            .collect()
    }
}

impl Source for Runtime {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        let draft = &mut Draft {
            give,
            start_unix_ns: 0,
        };
        let metrics = &self.metrics;
        for (name, unit, description, number) in [
            (
                "tokio.runtime.worker.count",
                "{worker}",
                "Workers of the runtime.",
                metrics.num_workers(),
            ),
            (
                "tokio.runtime.task.alive",
                "{task}",
                "Tasks that have been spawned and have not ended.",
                metrics.num_alive_tasks(),
            ),
            (
                "tokio.runtime.global_queue.depth",
                "{task}",
                "Tasks that wait in the queue of all workers.",
                metrics.global_queue_depth(),
            ),
        ] {
            let title = Title {
                name,
                unit,
                description,
            };
            draft.up_down(title, vec![(self.attributes(), int(number as u64))]);
        }
        draft.counter(
            Title {
                name: "tokio.runtime.worker.busy.time",
                unit: "s",
                description: "How long a worker was busy.",
            },
            self.of_workers(|worker| {
                NumberValue::Double(metrics.worker_total_busy_duration(worker).as_secs_f64())
            }),
        );
        draft.counter(
            Title {
                name: "tokio.runtime.worker.parks",
                unit: "{park}",
                description: "How often a worker has gone to sleep.",
            },
            self.of_workers(|worker| int(metrics.worker_park_count(worker))),
        );
    }
}
