//! What the runtime says of itself: spans begun, recorded, exported and lost, and how full it is.
//!
//! Names are those of OpenTelemetry's [conventions for SDKs], and `otelkit.*`
//! where there are none. Everything is counted in any case, for
//! [`Stats`]; here it is only put into words.
//!
//! [conventions for SDKs]: https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::draft::{Draft, Number, Title, alone, int, text};
use crate::clock::unix_ns;
use crate::collector::Control;
use crate::metric::{self, Attributes, Metric, NumberValue, Source};
use crate::ring::registry;
use crate::stats::{Baseline, ExporterStats, Ledger, LossCause, RetryCause, Stats};
use crate::thread::{Origin, StartCounts, start_counts};

/// The numbers of one installed runtime.
#[derive(Debug)]
pub(crate) struct Own {
    control: Arc<Control>,
    baseline: Baseline,
    exporters: Vec<Component>,
    /// What had begun before the installation.
    begun_before: StartCounts,
    /// The installation, with which most of the numbers begin.
    start_unix_ns: u64,
    /// Nothing is said in a program that has no other metrics.
    only_beside_others: bool,
}

#[derive(Debug)]
struct Component {
    ledger: Ledger,
    attributes: Attributes,
}

impl Own {
    pub(crate) fn new(
        control: Arc<Control>,
        baseline: Baseline,
        exporters: &[Ledger],
        only_beside_others: bool,
    ) -> Self {
        let mut of_type: HashMap<&str, u32> = HashMap::new();
        let exporters = exporters.iter().map(|ledger| {
            let kind = ledger.component_type;
            let instance = of_type.entry(kind).or_default();
            let name = format!("{kind}/{instance}");
            *instance += 1;
            Component {
                ledger: ledger.clone(),
                attributes: vec![
                    text("otel.component.name", name),
                    text("otel.component.type", kind),
                ],
            }
        });
        Self {
            exporters: exporters.collect(),
            control,
            baseline,
            begun_before: start_counts(),
            start_unix_ns: unix_ns(),
            only_beside_others,
        }
    }

    fn spans(&self, draft: &mut Draft<'_>, stats: &Stats) {
        let begun = start_counts().since(&self.begun_before);
        let live = begun.recorded().saturating_sub(stats.recorded);
        draft.up_down(
            Title {
                name: "otel.sdk.span.live",
                unit: "{span}",
                description: "Recorded spans that have begun, and have not ended or wait in a ring.",
            },
            vec![(sampled(true), int(live))],
        );
        draft.counter(
            Title {
                name: "otel.sdk.span.started",
                unit: "{span}",
                description: "Spans that have begun, recorded or not.",
            },
            begun_spans(&begun),
        );
        draft.counter(
            Title {
                name: "otelkit.span.recorded",
                unit: "{span}",
                description: "Spans that have ended while being recorded.",
            },
            alone(stats.recorded),
        );
        draft.counter(
            Title {
                name: "otelkit.span.dropped",
                unit: "{span}",
                description: "Spans lost on the way to the exporters.",
            },
            by_cause(&Attributes::new(), &stats.dropped),
        );
        draft.counter(
            Title {
                name: "otelkit.span.value.dropped",
                unit: "{value}",
                description: "Values, events, links and errors of spans that found no room.",
            },
            alone(stats.dropped_notes),
        );
    }

    fn rings(&self, draft: &mut Draft<'_>) {
        let counts = self.control.counts();
        let (usage, limit) = registry().memory();
        let most_waiting = counts.most_waiting_bytes.load(Ordering::Relaxed);
        let fullest = counts.fullest_permille.load(Ordering::Relaxed) as f64 / 1e3;
        for (name, description, bytes) in [
            (
                "otelkit.ring.memory.usage",
                "Memory of the rings of all threads.",
                usage as u64,
            ),
            (
                "otelkit.ring.memory.limit",
                "Memory that they may take.",
                limit as u64,
            ),
        ] {
            let title = Title {
                name,
                unit: "By",
                description,
            };
            draft.up_down(title, alone(bytes));
        }
        draft.gauge(
            Title {
                name: "otelkit.ring.waiting.max",
                unit: "By",
                description: "The most that has waited in all rings, since the installation.",
            },
            alone(most_waiting),
        );
        draft.gauge(
            Title {
                name: "otelkit.ring.fill.max",
                unit: "1",
                description: "The fullest that one ring was when it was drained, since the installation.",
            },
            vec![(Vec::new(), NumberValue::Double(fullest))],
        );
    }

    fn metrics(draft: &mut Draft<'_>, stats: &Stats) {
        draft.counter(
            Title {
                name: "otelkit.metric.value.dropped",
                unit: "{value}",
                description: "Values of metrics that found no cell.",
            },
            alone(stats.dropped_measurements),
        );
        draft.counter(
            Title {
                name: "otelkit.metric.observation.missed",
                unit: "{observation}",
                description: "Callbacks that had no part in a reading: they panicked, took too long, or gave a metric that cannot be.",
            },
            alone(stats.missed_observations),
        );
    }

    /// Counted with the values themselves, which stay from one installation to the next.
    fn overflows(draft: &mut Draft<'_>) {
        let overflows = metric::overflows().into_iter();
        draft.counter(
            Title {
                name: "otelkit.metric.overflowed",
                unit: "{value}",
                description: "Values of a metric with open labels that found no series of their own.",
            },
            overflows
                .map(|(name, values)| (vec![text("otelkit.metric.name", name)], int(values)))
                .collect(),
        );
    }

    fn exporters(&self, draft: &mut Draft<'_>) {
        let (mut spans, mut inflight, mut points) = (Vec::new(), Vec::new(), Vec::new());
        let (mut operations, mut retries) = (Vec::new(), Vec::new());
        for Component { ledger, attributes } in &self.exporters {
            let stats: &ExporterStats = &ledger.stats;
            let dropped = |count: &dyn Fn(LossCause) -> u64| {
                let all = LossCause::ALL.map(|cause| (cause, count(cause)));
                all.into_iter()
                    .filter(|(_, items)| *items > 0)
                    .collect::<Vec<_>>()
            };
            if ledger.takes_spans {
                let settled = stats.exported() + stats.dropped_total();
                inflight.push((
                    attributes.clone(),
                    int(stats.taken().saturating_sub(settled)),
                ));
                spans.push((attributes.clone(), int(stats.exported())));
                spans.extend(by_cause(
                    attributes,
                    &dropped(&|cause| stats.dropped(cause)),
                ));
            }
            let lost_points = dropped(&|cause| stats.dropped_points(cause));
            if !ledger.takes_spans || stats.exported_points() > 0 || !lost_points.is_empty() {
                points.push((attributes.clone(), int(stats.exported_points())));
                points.extend(by_cause(attributes, &lost_points));
            }
            operations.extend(stats.deliveries().into_iter().map(|(lost, durations)| {
                (
                    with_error(attributes, lost.map(LossCause::as_str)),
                    durations,
                )
            }));
            retries.extend(RetryCause::ALL.into_iter().filter_map(|cause| {
                let count = stats.retries(cause);
                let attributes = || with_error(attributes, Some(cause.as_str()));
                (count > 0).then(|| (attributes(), int(count)))
            }));
        }
        let title = |name, unit, description| Title {
            name,
            unit,
            description,
        };
        draft.up_down(
            title(
                "otel.sdk.exporter.span.inflight",
                "{span}",
                "Spans that were handed to the exporter, and are neither delivered nor lost.",
            ),
            inflight,
        );
        draft.counter(
            title(
                "otel.sdk.exporter.span.exported",
                "{span}",
                "Spans that were delivered, or with an error.type, lost.",
            ),
            spans,
        );
        draft.counter(
            title(
                "otel.sdk.exporter.metric_data_point.exported",
                "{data_point}",
                "Points of metrics that were delivered, or with an error.type, lost.",
            ),
            points,
        );
        draft.durations(
            title(
                "otel.sdk.exporter.operation.duration",
                "s",
                "How long it took to deliver a batch, retries included.",
            ),
            operations,
        );
        draft.counter(
            title(
                "otelkit.exporter.retries",
                "{attempt}",
                "Attempts to deliver that were followed by another one.",
            ),
            retries,
        );
    }
}

impl Source for Own {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        if self.only_beside_others && !metric::are_others() {
            return;
        }
        let draft = &mut Draft {
            give,
            start_unix_ns: self.start_unix_ns,
        };
        let stats = Stats::gather(&self.baseline, self.control.counts(), &[]);
        self.spans(draft, &stats);
        self.rings(draft);
        Self::metrics(draft, &stats);
        self.exporters(draft);
        Self::overflows(&mut Draft {
            give,
            start_unix_ns: 0,
        });
    }
}

fn begun_spans(begun: &StartCounts) -> Vec<Number> {
    let origins = [
        (Origin::None, "none"),
        (Origin::Local, "local"),
        (Origin::Remote, "remote"),
    ];
    let points = origins.into_iter().flat_map(|(origin, name)| {
        [true, false].map(|is_recorded| {
            let mut attributes = sampled(is_recorded);
            attributes.push(text("otel.span.parent.origin", name));
            (attributes, int(begun.of(origin, is_recorded)))
        })
    });
    points.collect()
}

fn sampled(is_recorded: bool) -> Attributes {
    let result = if is_recorded {
        "RECORD_AND_SAMPLE"
    } else {
        "DROP"
    };
    vec![text("otel.span.sampling_result", result)]
}

fn by_cause(attributes: &Attributes, dropped: &[(LossCause, u64)]) -> Vec<Number> {
    dropped
        .iter()
        .map(|(cause, items)| (with_error(attributes, Some(cause.as_str())), int(*items)))
        .collect()
}

fn with_error(attributes: &Attributes, error: Option<&'static str>) -> Attributes {
    let mut attributes = attributes.clone();
    attributes.extend(error.map(|error| text("error.type", error)));
    attributes
}
