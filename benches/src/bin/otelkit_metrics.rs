//! OtelKit's metrics, set up as its README says, with its defaults.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use otel_runtime::__private::{
    self as private, Calls, LabelShape, Metered, Site, SiteSpec, labels_index,
};
use otel_runtime::export::prometheus::{Format, PrometheusExporter, Scraper};
use otel_runtime::export::{Exporter, ExporterError, ExporterStats, FlushError, SpanView};
use otel_runtime::metric::{self, Counter, Histogram, Label, LabelValue, NumberValue, Points};
use otel_runtime::{Config, Resource, Telemetry, install, traced};
use otelkit_benches::Clock;
use otelkit_benches::metrics::{Case, Metrics, Plan, labels, seconds};
use otelkit_benches::scrape::{self, KEYS, Scrape, VALUES, series};

const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Copy)]
struct PlanLabel(Plan);

impl Label for PlanLabel {
    const WIDTH: usize = 1;
    const COUNT: usize = 3;

    #[inline]
    fn index(&self) -> usize {
        self.0 as usize
    }

    fn describe(index: usize, say: &mut dyn FnMut(LabelValue)) {
        say(LabelValue::Str(["free", "team", "enterprise"][index]));
    }
}

static ORDERS: Counter<(PlanLabel, bool)> = Counter::new("shop.orders", &["plan", "gift"]);
static WAITS: Histogram<bool> = Histogram::new("queue.wait", &["gift"]).unit("s");

/// What a metered function expands to.
macro_rules! metered {
    ($function:ident, $site:expr) => {
        #[inline(never)]
        fn $function(gift: bool) -> bool {
            let mut guard = Metered::<0>::idle();
            {
                static SITE: Site = Site::new($site(SiteSpec::new(
                    stringify!($function),
                    module_path!(),
                    "",
                    "",
                    file!(),
                    line!(),
                    column!(),
                )));
                static CALLS: Calls =
                    Calls::new(&SITE).labels(&["gift"], LabelShape::new::<(bool,)>());
                private::register_calls!(SITE, place, CALLS);
                guard.begin(&SITE, &CALLS, labels_index(&(gift,)));
            }
            black_box(gift)
        }
    };
}

const fn alone(site: SiteSpec) -> SiteSpec {
    site.metered().untraced()
}

const fn traced_too(site: SiteSpec) -> SiteSpec {
    site.metered()
}

metered!(function, alone);
metered!(both, traced_too);

#[traced]
#[inline(always)]
fn root<R>(body: impl FnOnce() -> R) -> R {
    body()
}

struct OtelKit {
    telemetry: Telemetry,
    latest: Latest,
}

impl Metrics for OtelKit {
    const NAME: &'static str = "otelkit";

    fn install(_: Case) -> Option<Self> {
        let latest = Latest::default();
        let config = Config::new()
            .service_name("bench")
            .with_exporter(latest.clone());
        let telemetry = install(config).expect("nothing is installed yet");
        Some(Self { telemetry, latest })
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Counter => clock.time(calls, |call| {
                let (plan, gift) = labels(call);
                ORDERS.add(1, (PlanLabel(plan), gift));
            }),
            Case::Histogram => clock.time(calls, |call| {
                WAITS.record(seconds(call), labels(call).1);
            }),
            Case::Function => clock.time(calls, |call| function(labels(call).1)),
            Case::Both => root(|| clock.time(calls, |call| both(labels(call).1))),
        }
    }

    fn flush(&self) {
        self.telemetry.flush(PATIENCE).expect("a flush");
    }

    fn counted(&self, case: Case) -> u64 {
        self.flush();
        let name = match case {
            Case::Counter => "shop.orders",
            Case::Histogram => "queue.wait",
            Case::Function | Case::Both => "function.calls",
        };
        let metrics = self.latest.0.lock().expect("nobody panicked");
        match &metrics.metric(name).expect("it was counted").points {
            Points::Sum { points, .. } => points
                .iter()
                .map(|point| match point.value {
                    NumberValue::Int(count) => count.cast_unsigned(),
                    NumberValue::Double(_) => 0,
                })
                .sum(),
            Points::ExponentialHistogram { points, .. } => {
                points.iter().map(|point| point.count()).sum()
            }
            Points::Gauge(_) | Points::Histogram { .. } => 0,
        }
    }
}

/// Keeps the numbers that were read last.
#[derive(Clone, Default)]
struct Latest(Arc<Mutex<metric::Metrics>>);

impl Exporter for Latest {
    fn name(&self) -> &'static str {
        "latest"
    }

    fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
        Ok(())
    }

    fn export(&mut self, span: &SpanView<'_>) {
        black_box(span);
    }

    fn metrics(&mut self, metrics: &metric::Metrics) {
        self.0.lock().expect("nobody panicked").clone_from(metrics);
    }

    fn tick(&mut self, _: Instant) {}

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}

/// One of ten.
struct Digit(usize);

impl Label for Digit {
    const WIDTH: usize = 1;
    const COUNT: usize = 10;

    #[inline]
    fn index(&self) -> usize {
        self.0
    }

    fn describe(index: usize, say: &mut dyn FnMut(LabelValue)) {
        say(LabelValue::Str(VALUES[index]));
    }
}

type Requests = Counter<(Digit, Digit, Digit)>;

macro_rules! ten {
    ($($tens:literal)*) => { [$(ten!(@ $tens 0 1 2 3 4 5 6 7 8 9)),*] };
    (@ $tens:literal $($ones:literal)*) => {
        [$(Requests::new(concat!("shop.requests.", $tens, $ones), &KEYS)),*]
    };
}

static FAMILIES: [[Requests; 10]; 10] = ten!(0 1 2 3 4 5 6 7 8 9);

struct Families(
    #[expect(dead_code, reason = "it runs until it is dropped")] Telemetry,
    Scraper,
);

impl Scrape for Families {
    fn fill(families: u32) -> Self {
        let exporter = PrometheusExporter::new().without_endpoint();
        let scraper = exporter.scraper();
        let config = Config::new().with_exporter(exporter);
        let telemetry = install(config).expect("nothing is installed yet");
        for counter in FAMILIES.iter().flatten().take(families as usize) {
            for [region, route, tenant] in series() {
                counter.add(1, (Digit(region), Digit(route), Digit(tenant)));
            }
        }
        Self(telemetry, scraper)
    }

    fn scrape(&self) -> Vec<u8> {
        self.1.scrape(Format::Text)
    }
}

fn main() -> ExitCode {
    otelkit_benches::metrics::main::<OtelKit>(scrape::run::<Families>)
}
