//! What the collector's thread spends on a span, with rules for what nobody shall see and without.
//!
//! The exporter runs there and discards; at each flush it reads the thread's CPU time. Fields are
//! five that a service has: two numbers, a name, a path with a query, and a message.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use otel_runtime::export::{Exporter, ExporterError, ExporterStats, FlushError, SpanView};
use otel_runtime::redact::{Pattern, Redact, Redaction};
use otel_runtime::{Config, Resource, install, traced};
use otelkit_benches::process::thread_cpu_ns;
use otelkit_counted::allocations;

const PATIENCE: Duration = Duration::from_secs(30);
const BURST: u64 = 2048;

#[traced]
#[inline(never)]
fn fields0() {}

#[traced(args(id, rows), fields(shop.tenant = tenant, url.path = path, shop.note = note))]
#[inline(never)]
fn fields5(id: u64, rows: u64, tenant: &str, path: &str, note: &str) {}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<(), String> {
    let [fields, rules, bursts] = args else {
        return Err("expected: 0|5|5secret off|credentials|all <bursts>".to_owned());
    };
    let bursts: u64 = bursts
        .parse()
        .map_err(|error| format!("{bursts}: {error}"))?;
    let redaction = match *rules {
        "off" => Redaction::none(),
        "credentials" => Redaction::credentials(),
        "all" => Pattern::ALL
            .into_iter()
            .fold(Redaction::credentials(), |rules, pattern| {
                rules.pattern(pattern, Redact::Mask)
            }),
        other => return Err(format!("no rules `{other}`")),
    };
    let span: fn(u64) = match *fields {
        "0" => |_| fields0(),
        "5" => |id| {
            fields5(
                id,
                12,
                "acme",
                "/api/v1/orders/81723/items?page=2",
                "12 items of 81723",
            )
        },
        "5secret" => |id| {
            fields5(
                id,
                12,
                "acme",
                "/login?token=abcdef",
                "sent Bearer abcdef0123456789",
            )
        },
        other => return Err(format!("no fields `{other}`")),
    };
    let seen = Arc::new(Seen::default());
    let config = Config::new()
        .service_name("bench")
        .redaction(redaction)
        .own_metrics(false)
        .with_exporter(Discard(Arc::clone(&seen)));
    let telemetry = install(config).map_err(|error| error.to_string())?;
    let flush = || telemetry.flush(PATIENCE).map_err(|error| error.to_string());
    let (mut ns, mut allocated) = (Vec::new(), Vec::new());
    const WARM_UP: u64 = 10;
    for burst in 0..WARM_UP + bursts {
        flush()?;
        let before = seen.cost();
        (0..BURST).for_each(span);
        flush()?;
        let after = seen.cost();
        if burst >= WARM_UP {
            ns.push((after.0 - before.0) as f64 / BURST as f64);
            allocated.push((after.1 - before.1) as f64 / BURST as f64);
        }
    }
    ns.sort_by(f64::total_cmp);
    allocated.sort_by(f64::total_cmp);
    let expected = BURST * (WARM_UP + bursts);
    println!(
        "ns_median={:.3} ns_min={:.3} allocations={:.3} expected={expected} received={}",
        ns[ns.len() / 2],
        ns[0],
        allocated[allocated.len() / 2],
        seen.spans.load(Ordering::Relaxed),
    );
    Ok(())
}

/// What the exporter has seen, and what its thread has spent so far.
#[derive(Default)]
struct Seen {
    spans: AtomicU64,
    cpu_ns: AtomicU64,
    allocations: AtomicU64,
}

impl Seen {
    fn cost(&self) -> (u64, u64) {
        let cpu_ns = self.cpu_ns.load(Ordering::Acquire);
        (cpu_ns, self.allocations.load(Ordering::Acquire))
    }
}

struct Discard(Arc<Seen>);

impl Exporter for Discard {
    fn name(&self) -> &'static str {
        "discard"
    }

    fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
        Ok(())
    }

    fn export(&mut self, span: &SpanView<'_>) {
        std::hint::black_box(span);
        self.0.spans.fetch_add(1, Ordering::Relaxed);
    }

    fn tick(&mut self, _: Instant) {}

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        self.0.cpu_ns.store(thread_cpu_ns(), Ordering::Release);
        self.0.allocations.store(allocations(), Ordering::Release);
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}
