//! What the operating system says of the process, by OpenTelemetry's [conventions].
//!
//! Times, context switches and page faults come from `getrusage`, which every
//! Unix has; memory, threads, file descriptors and the uptime from `/proc/self`,
//! which Linux has. On Windows there is nothing.
//!
//! [conventions]: https://opentelemetry.io/docs/specs/semconv/system/process-metrics/

#[cfg(target_os = "linux")]
mod linux;
#[cfg(unix)]
#[allow(unsafe_code)]
mod usage;

use std::time::Duration;

use super::draft::{Draft, Number, Title, alone, int, text};
use crate::metric::{Metric, NumberValue, Source};

/// The numbers of this process.
#[derive(Debug)]
pub(crate) struct Process;

/// What there is to say; what the system does not say is not there.
#[derive(Debug, Default)]
struct Reading {
    cpu_user: Option<Duration>,
    cpu_system: Option<Duration>,
    memory_bytes: Option<u64>,
    virtual_bytes: Option<u64>,
    threads: Option<u64>,
    file_descriptors: Option<u64>,
    voluntary_switches: Option<u64>,
    involuntary_switches: Option<u64>,
    minor_faults: Option<u64>,
    major_faults: Option<u64>,
    uptime: Option<Duration>,
}

impl Reading {
    fn now() -> Self {
        #[cfg_attr(not(unix), expect(unused_mut, reason = "nothing is known"))]
        let mut reading = Self::default();
        #[cfg(unix)]
        usage::read(&mut reading);
        #[cfg(target_os = "linux")]
        linux::read(&mut reading);
        reading
    }
}

impl Source for Process {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        let reading = Reading::now();
        let draft = &mut Draft {
            give,
            start_unix_ns: 0,
        };
        times(draft, &reading);
        sizes(draft, &reading);
        events(draft, &reading);
    }
}

fn times(draft: &mut Draft<'_>, reading: &Reading) {
    let seconds = |time: Duration| NumberValue::Double(time.as_secs_f64());
    let modes = [("user", reading.cpu_user), ("system", reading.cpu_system)];
    let modes = modes
        .into_iter()
        .filter_map(|(mode, time)| Some((vec![text("cpu.mode", mode)], seconds(time?))));
    draft.counter(
        Title {
            name: "process.cpu.time",
            unit: "s",
            description: "Processor time used.",
        },
        modes.collect(),
    );
    let uptime = reading.uptime.map(|time| (Vec::new(), seconds(time)));
    draft.gauge(
        Title {
            name: "process.uptime",
            unit: "s",
            description: "How long the process has run.",
        },
        uptime.into_iter().collect(),
    );
}

fn sizes(draft: &mut Draft<'_>, reading: &Reading) {
    let titles = [
        ("process.memory.usage", "By", "Physical memory in use."),
        ("process.memory.virtual", "By", "Virtual memory in use."),
        ("process.thread.count", "{thread}", "Threads."),
        (
            "process.unix.file_descriptor.count",
            "{file_descriptor}",
            "Open file descriptors.",
        ),
    ];
    let numbers = [
        reading.memory_bytes,
        reading.virtual_bytes,
        reading.threads,
        reading.file_descriptors,
    ];
    for ((name, unit, description), number) in titles.into_iter().zip(numbers) {
        let title = Title {
            name,
            unit,
            description,
        };
        draft.up_down(title, number.map_or_else(Vec::new, alone));
    }
}

fn events(draft: &mut Draft<'_>, reading: &Reading) {
    let of = |key, kinds: [(&'static str, Option<u64>); 2]| -> Vec<Number> {
        let known = kinds
            .into_iter()
            .filter_map(|(kind, number)| Some((vec![text(key, kind)], int(number?))));
        known.collect()
    };
    draft.counter(
        Title {
            name: "process.context_switches",
            unit: "{context_switch}",
            description: "How often its threads gave the processor up, or lost it.",
        },
        of(
            "process.context_switch.type",
            [
                ("voluntary", reading.voluntary_switches),
                ("involuntary", reading.involuntary_switches),
            ],
        ),
    );
    draft.counter(
        Title {
            name: "process.paging.faults",
            unit: "{fault}",
            description: "Page faults.",
        },
        of(
            "system.paging.fault.type",
            [
                ("minor", reading.minor_faults),
                ("major", reading.major_faults),
            ],
        ),
    );
}
