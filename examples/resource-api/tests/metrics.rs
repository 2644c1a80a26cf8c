//! What a run counts: the table at its end, and what it answers a Prometheus meanwhile.

mod support;

#[allow(unreachable_pub, unused_imports, dead_code)]
#[path = "../../../tests/src/prometheus/mod.rs"]
mod server;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::process::Command;

use otel_runtime::metric::{ExponentialPoint, Metrics};
use resource_api::telemetry::{Layout, Operation, operations, table};
use support::{Package, Run, Running, Workplace, lockfile};

const SMALL: &[Package<'_>] = &[
    ("app", "0.1.0", &["json", "log"]),
    ("json", "1.0.0", &["log"]),
    ("log", "0.4.0", &[]),
];

/// The cells of the table, by operation, without the times.
fn table_of(run: &Run) -> BTreeMap<&str, (u64, &str)> {
    let start = run.stdout.find("\noperation\t").expect("a table") + 1;
    let lines = run.stdout[start..].lines();
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    rows.skip(1)
        .map(|row| match row[..] {
            [name, calls, p50, p95, p99, errors] => {
                for time in [p50, p95, p99] {
                    assert!(time.ends_with('s'), "{row:?}");
                }
                (name, (calls.parse().expect("a number"), errors))
            }
            _ => panic!("{row:?}"),
        })
        .collect()
}

fn hold(workplace: &Workplace, options: &[&str]) -> Command {
    workplace.write("Cargo.lock", lockfile(SMALL));
    let mut command = workplace.command();
    command
        .args(["import", "Cargo.lock", "--hold"])
        .args(options);
    command
}

fn scraped(endpoint: &str) -> String {
    String::from_utf8(server::scrape(endpoint, "text/plain").unwrap()).unwrap()
}

/// The value of a sample that has these labels among its own.
fn sample(scrape: &str, name: &str, labels: &[&str]) -> f64 {
    let is_it = |line: &&str| {
        line.starts_with(&format!("{name}{{")) && labels.iter().all(|label| line.contains(label))
    };
    let lines: Vec<&str> = scrape.lines().filter(is_it).collect();
    let [line] = lines[..] else {
        panic!("{name} {labels:?}: {lines:?}");
    };
    let (_, value) = line.rsplit_once(' ').expect("a value");
    value.parse().expect("a number")
}

#[test]
fn a_run_ends_with_a_table_of_its_operations() {
    let workplace = Workplace::new();
    let run = workplace.import(SMALL).succeeds();
    let expected = [
        ("Resources::all", (1, "")),
        ("Resources::create", (5, "")),
        ("Resources::cycles", (1, "")),
        ("Resources::delete", (1, "")),
        ("Resources::dependencies", (1, "")),
        ("Resources::dependents", (1, "")),
        ("Resources::find", (3, "")),
        ("Resources::get", (3, "")),
        ("Resources::search", (1, "")),
        ("Resources::update", (1, "")),
        ("import", (1, "")),
    ];
    assert_eq!(table_of(&run), BTreeMap::from(expected));
    let calls = run.stdout.matches("Resources::find  ").count();
    assert_eq!(calls, 3, "the tree tells the same:\n{}", run.stdout);
}

/// An operation that was called once for each of these times, in milliseconds.
fn operation(name: &str, millis: &[i32], failures: &[(&str, u64)]) -> Operation {
    let one = |millis: i32| ExponentialPoint {
        attributes: Vec::new(),
        start_unix_ns: 0,
        unix_ns: 0,
        sum: f64::from(millis) / 1e3,
        min: Some(f64::from(millis) / 1e3),
        max: Some(f64::from(millis) / 1e3),
        scale: 0,
        zero_count: 0,
        offset: (f64::from(millis) / 1e3).log2().ceil() as i32 - 1,
        counts: vec![1],
        exemplars: Vec::new(),
    };
    let mut durations = one(millis[0]);
    millis[1..].iter().for_each(|it| durations.merge(&one(*it)));
    let failures = failures
        .iter()
        .map(|(class, calls)| ((*class).to_owned(), *calls));
    Operation {
        name: name.to_owned(),
        durations,
        failures: failures.collect(),
    }
}

#[test]
fn the_table_is_aligned_for_people_and_tabbed_for_programs() {
    let many = [&[1; 90][..], &[100; 9], &[2000]].concat();
    let operations = [
        operation("import", &[1500], &[]),
        operation("a\u{1b}[31m", &many, &[("cancelled", 1), ("not_found", 12)]),
    ];
    assert_eq!(
        table(&operations, Layout::Columns),
        "operation    calls      p50     p95     p99  errors\n\
         import           1   1.50 s  1.50 s  1.50 s\n\
         a\\u{1b}[31m    100  1.95 ms  125 ms  125 ms  1 cancelled, 12 not_found\n"
    );
    assert_eq!(
        table(&operations, Layout::Tabs),
        "operation\tcalls\tp50\tp95\tp99\terrors\n\
         import\t1\t1.50 s\t1.50 s\t1.50 s\t\n\
         a\\u{1b}[31m\t100\t1.95 ms\t125 ms\t125 ms\t1 cancelled, 12 not_found\n"
    );
}

#[test]
fn errors_are_told_by_their_class() {
    let workplace = Workplace::new();
    let run = workplace.run(&["import", "Cargo.lock"]);
    assert_eq!(
        table_of(&run),
        BTreeMap::from([("import", (1, "1 not_found"))])
    );
}

#[test]
fn without_telemetry_there_is_no_table() {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", lockfile(SMALL));
    let mut command = workplace.command();
    command
        .args(["import", "Cargo.lock", "--metrics", ":0"])
        .env("OTEL_SDK_DISABLED", "true");
    let run = Run::from(command.output().unwrap());
    assert_eq!(
        (run.code, &*run.stderr),
        (
            Some(0),
            "warning: nobody answers at --metrics: telemetry is turned off\n"
        )
    );
    assert!(!run.stdout.contains("operation"), "{}", run.stdout);
    assert_eq!(table(&operations(&Metrics::default()), Layout::Columns), "");
}

#[cfg(unix)]
#[test]
fn a_held_program_answers_until_it_is_told_to_end() {
    for signal in ["INT", "TERM"] {
        let workplace = Workplace::new();
        let mut program = Running::start(&mut hold(&workplace, &["--metrics", "127.0.0.1:0"]));
        let endpoint = program.endpoint();
        program.says("hold: ");
        let scrape = scraped(&endpoint);
        let created = [
            "code_function_name=\"Resources::create\"",
            "otelkit_outcome=\"ok\"",
        ];
        let lockfile = [&created[..], &["resource_origin=\"lockfile\""]].concat();
        assert_eq!(sample(&scrape, "function_calls_total", &lockfile), 3.0);
        assert_eq!(sample(&scrape, "resource_stored", &[]), 3.0);
        assert_eq!(sample(&scrape, "resource_cascade_size_sum", &[]), 1.0);
        assert_eq!(sample(&scrape, "resource_cascade_size_count", &[]), 1.0);
        assert_eq!(sample(&scrape, "resource_search_results_sum", &[]), 1.0);
        program.signal(signal);
        let run = program.end();
        assert_eq!(run.code, Some(0), "{run:?}");
        table_of(&run);
    }
}

#[cfg(unix)]
#[test]
fn without_an_endpoint_it_is_held_all_the_same() {
    let workplace = Workplace::new();
    let mut program = Running::start(&mut hold(&workplace, &[]));
    program.says("hold: ");
    program.signal("INT");
    let run = program.end();
    assert_eq!((run.code, &*run.stderr), (Some(0), "hold: until Ctrl-C\n"));
}

#[test]
fn a_failed_import_is_not_held() {
    let workplace = Workplace::new();
    workplace
        .run(&["import", "Cargo.lock", "--hold"])
        .fails_with("Cargo.lock: no such file");
}

#[cfg(unix)]
#[test]
fn a_second_run_begins_with_the_resources_that_are_there() {
    let workplace = Workplace::new();
    workplace.import(SMALL).succeeds();
    let changed: &[Package<'_>] = &[("app", "0.1.0", &["time"]), ("time", "0.3.0", &[])];
    workplace.write("changed.lock", lockfile(changed));
    let mut command = workplace.command();
    command.args(["import", "changed.lock", "--hold", "--metrics", ":0"]);
    let mut program = Running::start(&mut command);
    let endpoint = program.endpoint();
    program.says("hold: ");
    let scrape = scraped(&endpoint);
    // one stays, one is new, two go; the scratch resources come and go
    assert_eq!(sample(&scrape, "resource_stored", &[]), 2.0);
    assert_eq!(workplace.dump().resources.len(), 2);
    program.signal("INT");
    assert_eq!(program.end().code, Some(0));
}

#[test]
fn a_port_of_somebody_else_is_one_line_and_nothing_is_imported() {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", lockfile(SMALL));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = workplace.run(&["import", "Cargo.lock", "--metrics", &address]);
    assert_eq!(run.stdout, "");
    let line = format!("--metrics {address}: cannot listen: ");
    let told = run.stderr.lines().collect::<Vec<_>>();
    assert!(told.len() == 1 && told[0].contains(&line), "{told:?}");
    assert_eq!(run.code, Some(1));
    assert!(!workplace.path("resources.db").exists());
}

#[test]
fn an_address_that_is_none_is_explained() {
    let run = Workplace::new().run(&["import", "Cargo.lock", "--metrics", "9464"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("expected HOST:PORT or :PORT"),
        "{}",
        run.stderr
    );
}
