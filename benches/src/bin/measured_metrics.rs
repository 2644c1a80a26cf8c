//! `measured`: vectors over labels of fixed cardinality, as the documentation shows.
//!
//! There is no attribute; a function is timed by hand.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::Instant;

use measured::metric::MetricFamilyEncoding;
use measured::metric::histogram::Thresholds;
use measured::metric::name::MetricName;
use measured::text::BufferedTextEncoder;
use measured::{CounterVec, FixedCardinalityLabel, HistogramVec, LabelGroup, MetricGroup};
use otelkit_benches::Clock;
use otelkit_benches::metrics::{self, Case, Metrics, SECONDS, seconds, total};
use otelkit_benches::scrape::{self, Scrape, family, series};

#[derive(Clone, Copy, FixedCardinalityLabel)]
enum Plan {
    Free,
    Team,
    Enterprise,
}

#[derive(Clone, Copy, FixedCardinalityLabel)]
enum Gift {
    False,
    True,
}

#[derive(Clone, Copy, FixedCardinalityLabel)]
enum Outcome {
    Ok,
    #[allow(
        dead_code,
        reason = "a function that returns no error has this series too"
    )]
    Error,
}

#[derive(Clone, Copy, FixedCardinalityLabel)]
enum Value {
    Zero,
    One,
    Two,
    Three,
    Four,
    Five,
    Six,
    Seven,
    Eight,
    Nine,
}

const VALUES: [Value; 10] = [
    Value::Zero,
    Value::One,
    Value::Two,
    Value::Three,
    Value::Four,
    Value::Five,
    Value::Six,
    Value::Seven,
    Value::Eight,
    Value::Nine,
];

#[derive(Clone, Copy, LabelGroup)]
#[label(set = OrderSet)]
struct Order {
    plan: Plan,
    gift: Gift,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = WaitSet)]
struct Wait {
    gift: Gift,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = CallSet)]
struct Call {
    gift: Gift,
    outcome: Outcome,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = RequestSet)]
struct Request {
    region: Value,
    route: Value,
    tenant: Value,
}

#[derive(MetricGroup)]
#[metric(new())]
struct All {
    #[metric(init = CounterVec::dense())]
    shop_orders: CounterVec<OrderSet>,
    #[metric(metadata = Thresholds::with_buckets(SECONDS))]
    queue_wait_seconds: HistogramVec<WaitSet, 11>,
    #[metric(init = CounterVec::dense())]
    function_calls: CounterVec<CallSet>,
    #[metric(metadata = Thresholds::with_buckets(SECONDS))]
    function_duration_seconds: HistogramVec<CallSet, 11>,
}

static ALL: LazyLock<All> = LazyLock::new(All::new);

const fn labels(call: u32) -> Order {
    let (plan, gift) = metrics::labels(call);
    Order {
        plan: match plan {
            metrics::Plan::Free => Plan::Free,
            metrics::Plan::Team => Plan::Team,
            metrics::Plan::Enterprise => Plan::Enterprise,
        },
        gift: if gift { Gift::True } else { Gift::False },
    }
}

#[inline(never)]
fn function(gift: Gift) -> Gift {
    let start = Instant::now();
    let result = black_box(gift);
    let call = Call {
        gift,
        outcome: Outcome::Ok,
    };
    ALL.function_calls.inc(call);
    ALL.function_duration_seconds
        .observe(call, start.elapsed().as_secs_f64());
    result
}

struct Measured;

impl Metrics for Measured {
    const NAME: &'static str = "measured";

    fn install(case: Case) -> Option<Self> {
        (case != Case::Both).then_some(Self)
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Counter => clock.time(calls, |call| ALL.shop_orders.inc(labels(call))),
            Case::Histogram => clock.time(calls, |call| {
                let gift = labels(call).gift;
                ALL.queue_wait_seconds.observe(Wait { gift }, seconds(call));
            }),
            Case::Function => clock.time(calls, |call| function(labels(call).gift)),
            Case::Both => {}
        }
    }

    fn flush(&self) {}

    fn counted(&self, case: Case) -> u64 {
        let name = match case {
            Case::Counter => "shop_orders",
            Case::Histogram => "queue_wait_seconds_count",
            Case::Function | Case::Both => "function_duration_seconds_count",
        };
        let mut encoder = BufferedTextEncoder::new();
        ALL.collect_group_into(&mut encoder)
            .expect("a buffer takes everything");
        total(&String::from_utf8_lossy(&encoder.finish()), name)
    }
}

struct Families(Vec<(String, CounterVec<RequestSet>)>);

impl Scrape for Families {
    fn fill(families: u32) -> Self {
        let filled = |index| {
            let counter = CounterVec::<RequestSet>::dense();
            for [region, route, tenant] in series() {
                counter.inc(Request {
                    region: VALUES[region],
                    route: VALUES[route],
                    tenant: VALUES[tenant],
                });
            }
            (family(index), counter)
        };
        Self((0..families).map(filled).collect())
    }

    fn scrape(&self) -> Vec<u8> {
        let mut encoder = BufferedTextEncoder::new();
        for (name, counter) in &self.0 {
            let name = MetricName::try_from_str(name).expect("a name");
            counter
                .collect_family_into(name, &mut encoder)
                .expect("a buffer takes everything");
        }
        encoder.finish().to_vec()
    }
}

fn main() -> ExitCode {
    otelkit_benches::metrics::main::<Measured>(scrape::run::<Families>)
}
