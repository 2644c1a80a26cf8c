//! In the steady state, spans and log records take nothing from the heap of the collector's thread:
//! from the rings, through the rules for what nobody shall see, into the bytes of OTLP requests.
//!
//! What a request is made of when it is due is not counted, nor what happens between two flushes
//! before the first span and after the last.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use otel_runtime::export::otlp::{Batch, Encoding, LogBatch};
use otel_runtime::export::{Exporter, ExporterError, ExporterStats, FlushError, LogView, SpanView};
use otel_runtime::log::{LogSite, LogSiteSpec, Severity};
use otel_runtime::{Config, Resource, install, span, traced};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// Counts what each thread asks for.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise; the block came from the same allocator.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise; the block came from the same allocator.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// How many rounds in a row must be free of allocations.
const QUIET_ROUNDS: usize = 20;
/// After so many rounds they must be: buffers grow while they are too small, and that ends.
const MOST_ROUNDS: usize = 500;
const CALLS: u64 = 20;

/// What was allocated when the first item of the round came, and when the last one did.
#[derive(Clone, Copy, Debug, Default)]
struct Round {
    items: u64,
    first: u64,
    last: u64,
}

struct Measured {
    spans: Batch,
    logs: LogBatch,
    body: Vec<u8>,
    round: Round,
    rounds: Arc<Mutex<Vec<Round>>>,
}

impl Measured {
    fn item(&mut self) {
        let now = ALLOCATIONS.get();
        if self.round.items == 0 {
            self.round.first = now;
        }
        self.round.items += 1;
        self.round.last = now;
    }
}

impl Exporter for Measured {
    fn name(&self) -> &'static str {
        "encoding"
    }

    fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
        Ok(())
    }

    fn takes_logs(&self) -> bool {
        true
    }

    fn export(&mut self, span: &SpanView<'_>) {
        self.spans.push(span);
        self.item();
    }

    fn log(&mut self, log: &LogView<'_>) {
        self.logs.push(log);
        self.item();
    }

    fn tick(&mut self, _: Instant) {}

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        self.spans.finish_into(&mut self.body);
        self.logs.finish_into(&mut self.body);
        let round = std::mem::take(&mut self.round);
        self.rounds.lock().unwrap().push(round);
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}

#[traced(args(id, tenant, path), fields(rows = _))]
fn annotated(id: u64, tenant: &str, path: &str) {
    otel_runtime::set_attribute("rows", id % 7);
    otel_runtime::add_event("read", &[("rows", &12), ("from", &"a cache")]);
}

/// As integrations tell of requests: texts in notes, and names that are known late.
fn by_hand(id: u64) {
    let mut span = span!(
        "HTTP",
        kind = server,
        http.request.method = _,
        http.route = _,
        url.path = _,
        url.query = _,
        url.scheme = _,
        server.address = _,
        server.port = _,
        client.address = _,
        network.protocol.version = _,
        user_agent.original = _,
        http.response.status_code = _,
        http.response.body.size = _,
    );
    span.set_name(format_args!("GET /orders/{}", id % 3));
    span.capture_all(
        0,
        &[
            &"GET",
            &"/orders/{id}",
            &"/orders/0af76519-16cd-43dd-8448-eb211c80319c",
            &"page=2&limit=20",
            &"https",
            &"shop.example.com",
            &443,
            &"10.1.2.3",
            &"1.1",
            &"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        ],
    );
    span.in_scope(|| annotated(id, "acme", "/orders"));
    span.set_attribute("undeclared", "and yet there");
    span.capture_all(10, &[&200, &(1000 + id)]);
}

/// One that other threads could say something of: it waits for them.
fn shared() {
    span!("shared", note = "waits").in_scope(|| {
        let _handle = otel_runtime::current_span();
    });
}

/// One test, because one process has one runtime.
#[test]
fn the_collector_allocates_nothing_for_a_span() {
    let rounds = Arc::new(Mutex::new(Vec::new()));
    let exporter = Measured {
        spans: Batch::new(Encoding::Protobuf, &Resource::default()),
        logs: LogBatch::new(Encoding::Protobuf, &Resource::default()),
        body: Vec::new(),
        round: Round::default(),
        rounds: Arc::clone(&rounds),
    };
    let config = Config::new().own_metrics(false).with_exporter(exporter);
    let telemetry = install(config).unwrap();
    let site = LogSite::register(LogSiteSpec::of_target("shop"));
    let mut quiet = 0;
    for _ in 0..MOST_ROUNDS {
        for id in 0..CALLS {
            by_hand(id);
            shared();
            site.log(Severity::INFO, |record| {
                record.body(format_args!("read {id} rows"));
                record.field("tenant", "acme");
            });
        }
        telemetry.flush(Duration::from_secs(30)).unwrap();
        let last = *rounds.lock().unwrap().last().unwrap();
        assert_eq!(last.items, 4 * CALLS);
        quiet = if last.first == last.last {
            quiet + 1
        } else {
            0
        };
        if quiet == QUIET_ROUNDS {
            return;
        }
    }
    panic!("{:?}", rounds.lock().unwrap());
}
