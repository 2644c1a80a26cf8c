#![deny(warnings)]
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::sync::Arc;

use otel_runtime::metric::{Counter, Gauge, Histogram, Open, UpDownCounter};
use otel_runtime::{Label, metered, traced};

#[derive(Clone, Copy, Label)]
enum Tier {
    Free,
}

const MOST: usize = 7;

static ORDERS: Counter<(Tier, Open<100>)> = Counter::new("shop.orders", &["tier", "tenant"]);
static SHARDS: UpDownCounter<Option<Open<MOST, u16>>> = UpDownCounter::new("shards", &["shard"]);
static HEAT: Gauge<(Open<2, i64>, Open<3>), i64> = Gauge::new("heat", &["floor", "room"]);
static SIZES: Histogram<Open<2, std::ffi::OsStr>> = Histogram::new("size", &["file"]);

mod shadowed {
    #![allow(dead_code)]
    pub struct Probe;
    pub struct Value;
    pub fn open() {}
    pub fn series() {}
}

struct Client {
    name: Arc<str>,
    path: PathBuf,
}

impl Client {
    #[metered(labels(name = open(self.name, max = MOST), path = open(self.path, max = 2)))]
    fn of_self(&self) {}

    #[traced]
    #[metered(labels(tier, name = open(&*self.name, max = 3)), in_flight)]
    async fn asynchronous(&self, tier: Tier) -> Result<u8, std::fmt::Error> {
        Ok(1)
    }
}

#[metered(labels(text = open(text.as_ref(), max = 3)))]
fn of_parameter<T: AsRef<str>>(text: T) -> T {
    text
}

#[metered(labels(text = open(text, max = 3)))]
fn of_text(text: impl AsRef<str>) {
    use shadowed::*;
    open();
    series();
    let _ = (Probe, Value);
}

#[metered(
    labels(id = open(id.checked_add(1), max = 3)),
    counter("ids", by = |id| *id),
    buckets(1, 2), name = "ids"
)]
fn option(id: u64) -> u64 {
    id
}

fn main() {
    ORDERS.add(1, (Tier::Free, "acme"));
    let owned = String::from("acme");
    ORDERS.add(1, (Tier::Free, &owned));
    SHARDS.add(-1, Some(3));
    SHARDS.add(-1, None);
    HEAT.set(21, (-1, "cellar"));
    SIZES.record(5_u8, "file".as_ref());
    let client = Client {
        name: "a".into(),
        path: PathBuf::new(),
    };
    client.of_self();
    drop(client.asynchronous(Tier::Free));
    of_parameter("a");
    of_text(String::new());
    option(3);
}
