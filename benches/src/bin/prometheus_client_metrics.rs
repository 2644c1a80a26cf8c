//! `prometheus-client`: families with labels of the program's own types, as the documentation
//! shows.
//!
//! There is no attribute; a function is timed by hand.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::Instant;

use otelkit_benches::Clock;
use otelkit_benches::metrics::{Case, Metrics, Plan, SECONDS, labels, seconds, total};
use otelkit_benches::scrape::{self, Scrape, VALUES, family, series};
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
enum PlanLabel {
    Free,
    Team,
    Enterprise,
}

impl From<Plan> for PlanLabel {
    #[inline]
    fn from(plan: Plan) -> Self {
        match plan {
            Plan::Free => Self::Free,
            Plan::Team => Self::Team,
            Plan::Enterprise => Self::Enterprise,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OrderLabels {
    plan: PlanLabel,
    gift: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WaitLabels {
    gift: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
enum Outcome {
    Ok,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    gift: bool,
    outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    region: &'static str,
    route: &'static str,
    tenant: &'static str,
}

fn of_seconds() -> Histogram {
    Histogram::new(SECONDS)
}

static ORDERS: LazyLock<Family<OrderLabels, Counter>> = LazyLock::new(Family::default);
static WAITS: LazyLock<Family<WaitLabels, Histogram>> =
    LazyLock::new(|| Family::new_with_constructor(of_seconds));
static CALLS: LazyLock<Family<CallLabels, Counter>> = LazyLock::new(Family::default);
static DURATIONS: LazyLock<Family<CallLabels, Histogram>> =
    LazyLock::new(|| Family::new_with_constructor(of_seconds));

#[inline(never)]
fn function(gift: bool) -> bool {
    let start = Instant::now();
    let result = black_box(gift);
    let labels = CallLabels {
        gift,
        outcome: Outcome::Ok,
    };
    CALLS.get_or_create(&labels).inc();
    DURATIONS
        .get_or_create(&labels)
        .observe(start.elapsed().as_secs_f64());
    result
}

struct PrometheusClient(Registry);

impl PrometheusClient {
    fn text(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.0).expect("a string takes everything");
        text
    }
}

impl Metrics for PrometheusClient {
    const NAME: &'static str = "prometheus-client";

    fn install(case: Case) -> Option<Self> {
        let mut registry = Registry::default();
        registry.register("shop_orders", "Orders", ORDERS.clone());
        registry.register("queue_wait_seconds", "Waits", WAITS.clone());
        registry.register("function_calls", "Calls", CALLS.clone());
        registry.register("function_duration_seconds", "Durations", DURATIONS.clone());
        (case != Case::Both).then_some(Self(registry))
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Counter => clock.time(calls, |call| {
                let (plan, gift) = labels(call);
                let plan = plan.into();
                ORDERS.get_or_create(&OrderLabels { plan, gift }).inc();
            }),
            Case::Histogram => clock.time(calls, |call| {
                let gift = labels(call).1;
                WAITS
                    .get_or_create(&WaitLabels { gift })
                    .observe(seconds(call));
            }),
            Case::Function => clock.time(calls, |call| function(labels(call).1)),
            Case::Both => {}
        }
    }

    fn flush(&self) {}

    fn counted(&self, case: Case) -> u64 {
        let name = match case {
            Case::Counter => "shop_orders_total",
            Case::Histogram => "queue_wait_seconds_count",
            Case::Function | Case::Both => "function_duration_seconds_count",
        };
        total(&self.text(), name)
    }
}

impl Scrape for PrometheusClient {
    fn fill(families: u32) -> Self {
        let mut registry = Registry::default();
        for name in (0..families).map(family) {
            let counter = Family::<RequestLabels, Counter>::default();
            registry.register(name, "Requests", counter.clone());
            for [region, route, tenant] in series() {
                let labels = RequestLabels {
                    region: VALUES[region],
                    route: VALUES[route],
                    tenant: VALUES[tenant],
                };
                counter.get_or_create(&labels).inc();
            }
        }
        Self(registry)
    }

    fn scrape(&self) -> Vec<u8> {
        self.text().into_bytes()
    }
}

fn main() -> ExitCode {
    otelkit_benches::metrics::main::<PrometheusClient>(scrape::run::<PrometheusClient>)
}
