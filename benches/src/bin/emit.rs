//! emit, set up as its documentation says, with emit_otlp.
//!
//! emit encodes on the caller's thread, inside its emitter; a discarding
//! emitter would leave most of the work out. So it always exports to the
//! sink, over gRPC, on a thread of its own; the sink says how much arrived.

use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use otelkit_benches::poll::{block_on, yield_now};
use otelkit_benches::{Case, Clock, Library, Mode};

#[emit::span("child0")]
#[inline(never)]
fn child0() {
    black_box(());
}

#[emit::span("child1", id)]
#[inline(never)]
fn child1(id: u64) -> u64 {
    black_box(id)
}

#[emit::span("async1")]
async fn async1() {
    black_box(());
}

#[emit::span("async10")]
async fn async10() {
    for _ in 0..10 {
        yield_now().await;
    }
}

#[emit::span("root")]
#[inline(always)]
fn root<R>(body: impl FnOnce() -> R) -> R {
    body()
}

struct Emit {
    endpoint: String,
    installed: bool,
    /// What others sent to the sink before.
    received_before: u64,
}

impl Emit {
    fn new(mode: Mode, endpoint: &str) -> Self {
        let emitter = || {
            emit_otlp::new()
                .resource(emit::props! { #[emit::key("service.name")] service_name: "bench" })
                .traces(emit_otlp::traces_grpc_proto(endpoint))
                .spawn()
        };
        match mode {
            Mode::Sampled => drop(emit::setup().emit_to(emitter()).init()),
            Mode::Unsampled => drop(
                emit_traceparent::setup_with_sampler(|_| false)
                    .emit_to(emitter())
                    .init(),
            ),
            Mode::Off => {}
        }
        let mut this = Self {
            endpoint: endpoint.to_owned(),
            installed: mode != Mode::Off,
            received_before: 0,
        };
        this.received_before = this.received();
        this
    }
}

impl Library for Emit {
    const NAME: &'static str = "emit";
    const WITHOUT: &[Case] = &[Case::Events10, Case::Logs10];

    fn install(mode: Mode, endpoint: &str) -> Self {
        Self::new(mode, endpoint)
    }

    fn install_otlp(endpoint: &str) -> Self {
        Self::new(Mode::Sampled, endpoint)
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Child0 => root(|| clock.time(calls, |_| child0())),
            Case::Child1 => root(|| clock.time(calls, |call| child1(u64::from(call)))),
            Case::Async1 => root(|| clock.time(calls, |_| block_on(async1()))),
            Case::Async10 => root(|| clock.time(calls, |_| block_on(async10()))),
            Case::Events10 | Case::Logs10 => unreachable!("its events are log records"),
            Case::Trace11 => clock.time(calls, |_| self.trace11()),
        }
    }

    fn trace11(&self) {
        root(|| {
            for _ in 0..10 {
                child0();
            }
        });
    }

    fn flush(&self) {
        use emit::Emitter;
        if self.installed {
            assert!(
                emit::emitter().blocking_flush(Duration::from_secs(30)),
                "a flush"
            );
        }
    }

    fn shutdown(self) {
        self.flush();
    }

    fn received(&self) -> u64 {
        if !self.installed {
            return 0;
        }
        let address = self.endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("the sink runs");
        stream
            .write_all(b"GET /spans HTTP/1.1\r\nhost: sink\r\nconnection: close\r\n\r\n")
            .expect("the sink listens");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .expect("the sink answers");
        let (_, spans) = answer.rsplit_once("\r\n\r\n").expect("an HTTP answer");
        let spans: u64 = spans.trim().parse().expect("a number of spans");
        spans - self.received_before
    }
}

fn main() -> ExitCode {
    otelkit_benches::main::<Emit>()
}
