//! What a forked child does with its parent's telemetry.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use otel_runtime::metric::{NumberValue, Points};
use otel_runtime::{Config, Telemetry, install};
use otelkit_tests::guard;
use otelkit_tests::process::child::tell;
use otelkit_tests::process::ending;
use otelkit_tests::process::ledger::Ledger;
use otelkit_tests::process::site::work;

const SOON: Duration = Duration::from_secs(10);

pub(crate) fn play(variant: &str) {
    let ledger = Ledger::keeping();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    match variant {
        "silent-child" => silent_child(telemetry, &ledger),
        "child-installs-anew" => child_installs_anew(telemetry, &ledger),
        "inside-a-call" => inside_a_call(&telemetry),
        "inside-a-span" => inside_a_span(telemetry, &ledger),
        "while-threads-record" => while_threads_record(telemetry, &ledger),
        "exec" => exec(&telemetry),
        "exit-in-child" => exit_in_child(telemetry, &ledger),
        other => panic!("no variant is called `{other}`"),
    }
}

/// The child inherits the guard, uses it, and records; nothing comes of it.
fn silent_child(telemetry: Telemetry, ledger: &Ledger) {
    work();
    let status = in_child(|| {
        work();
        let _ = telemetry.flush(SOON);
        work();
        tell("exported by the child", ledger.count("work"));
        tell(
            "context in the child",
            otel_runtime::current_context().is_some(),
        );
    });
    tell("child", status);
    work();
    telemetry.shutdown(SOON).unwrap();
    tell("exported by the parent", ledger.count("work"));
}

fn child_installs_anew(telemetry: Telemetry, ledger: &Ledger) {
    work();
    let status = in_child(|| {
        let own = Ledger::keeping();
        let anew = install(Config::new().with_exporter(own.clone()));
        match &anew {
            Ok(_) => tell("install", "ok"),
            Err(error) => tell("install", error),
        }
        {
            let _outer = guard!("outer");
            work();
            thread::spawn(work).join().unwrap();
        }
        drop(anew);
        tell("exported by the child", own.total());
        let ids: Vec<_> = own.entries().iter().map(|entry| entry.trace_id).collect();
        for id in ids {
            tell("a trace of the child", id);
        }
    });
    tell("child", status);
    work();
    drop(telemetry);
    tell("exported by the parent", ledger.total());
    for entry in ledger.entries() {
        tell("a trace of the parent", entry.trace_id);
    }
}

/// The child leaves a call that the parent began.
fn inside_a_call(telemetry: &Telemetry) {
    #[otel_runtime::metered(name = "forks", in_flight)]
    fn called(inside: impl FnOnce()) {
        inside();
    }
    let in_flight = |telemetry: &Telemetry| {
        let metrics = telemetry.metrics();
        match &metrics.metric("forks.in_flight").unwrap().points {
            Points::Sum { points, .. } => match points[0].value {
                NumberValue::Int(value) => value,
                NumberValue::Double(_) => i64::MIN,
            },
            _ => i64::MIN,
        }
    };
    let mut child = 0;
    called(|| {
        // SAFETY: as in `in_child`.
        child = unsafe { libc::fork() };
        assert!(child >= 0, "fork failed");
    });
    if child == 0 {
        let anew = install(Config::new()).unwrap();
        tell("in flight in the child", in_flight(&anew));
        called(|| tell("in flight in a call", in_flight(&anew)));
        // SAFETY: ends the process, without the hooks of the parent.
        unsafe { libc::_exit(0) }
    }
    tell("child", wait(child));
    tell("in flight in the parent", in_flight(telemetry));
}

/// The child leaves a span that the parent began.
fn inside_a_span(telemetry: Telemetry, ledger: &Ledger) {
    let outer = guard!("outer");
    let status = in_child(|| {
        work();
        tell("exported by the child", ledger.total());
    });
    tell("child", status);
    work();
    drop(outer);
    telemetry.shutdown(SOON).unwrap();
    tell("exported by the parent", ledger.total());
}

/// Forks again and again while others are in the middle of whatever they do.
fn while_threads_record(telemetry: Telemetry, ledger: &Ledger) {
    let stop = Arc::new(AtomicBool::new(false));
    let recorders: Vec<_> = (0..4)
        .map(|_| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                let mut recorded = 0u64;
                while !stop.load(Ordering::Relaxed) {
                    work();
                    recorded += 1;
                }
                recorded
            })
        })
        .collect();
    // threads come and go as well, each with a buffer of its own
    let comings = {
        let stop = Arc::clone(&stop);
        thread::spawn(move || {
            let mut recorded = 0u64;
            while !stop.load(Ordering::Relaxed) {
                thread::spawn(work).join().unwrap();
                recorded += 1;
            }
            recorded
        })
    };
    let mut failed = 0;
    for _ in 0..100 {
        let status = in_child(|| {
            work();
            let own = Ledger::default();
            let anew = install(Config::new().with_exporter(own.clone())).unwrap();
            work();
            anew.shutdown(SOON).unwrap();
            assert_eq!(own.total(), 1);
        });
        failed += u32::from(status != 0);
    }
    stop.store(true, Ordering::Relaxed);
    let recorded: u64 = comings.join().unwrap()
        + recorders
            .into_iter()
            .map(|it| it.join().unwrap())
            .sum::<u64>();
    // what was lost is counted; nothing else is missing
    let stats = ending::shut_down(telemetry, SOON);
    tell("failed children", failed);
    tell("recorded", recorded);
    tell("exported", ledger.total());
    tell("dropped", stats.lost());
}

fn exec(telemetry: &Telemetry) {
    work();
    telemetry.flush(SOON).unwrap();
    tell("before", true);
    let error = Command::new(std::env::current_exe().unwrap())
        .arg("installed-again")
        .exec();
    panic!("{error}");
}

/// The child ends with `exit`, which runs whatever hooks there are.
fn exit_in_child(telemetry: Telemetry, ledger: &Ledger) {
    work();
    // SAFETY: the child does nothing that needs another thread of the parent.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        work();
        drop(telemetry);
        std::process::exit(0);
    }
    tell("child", wait(pid));
    drop(telemetry);
    tell("exported by the parent", ledger.count("work"));
}

/// Runs `work` in a forked child, which then ends at once; returns its status.
pub(crate) fn in_child(work: impl FnOnce()) -> i32 {
    // SAFETY: the child only uses what promises to work after a fork; that is the test.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork failed");
    if pid == 0 {
        let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        // SAFETY: ends the process, without the hooks of the parent.
        unsafe { libc::_exit(i32::from(unwound.is_err())) }
    }
    wait(pid)
}

fn wait(pid: libc::pid_t) -> i32 {
    let mut status = 0;
    // SAFETY: waits for a child of this process, and writes to a local.
    let waited = unsafe { libc::waitpid(pid, &raw mut status, 0) };
    assert_eq!(waited, pid);
    status
}
