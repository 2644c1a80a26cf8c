//! A real Prometheus scrapes the program in each format, from before it does anything until it is
//! done; its answers are what the program did. The truth are its spans, at a collector.
#![cfg(unix)]

mod truth;

#[path = "../support/mod.rs"]
mod support;

#[allow(unreachable_pub, unused_imports, dead_code)]
#[path = "../../../../tests/src/prometheus/mod.rs"]
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;
use server::{FORMATS, Prometheus, Relay, scrape};
use support::{Collector, Package, Received, Running, Workplace, lockfile};
use truth::{Call, Truth, call_of, call_of_span};

/// A call and its span look at one clock at the same moments, and say what it showed in their own
/// units: one while it is being measured how fast the clock is, the other later.
const CLOCK: f64 = 1e-3;

/// The series that a query gives, by call.
fn by_call(prometheus: &Prometheus, query: &str) -> BTreeMap<Call, f64> {
    let values = prometheus.values(query);
    let count = values.len();
    let calls: BTreeMap<Call, f64> = values
        .iter()
        .map(|(labels, value)| (call_of(labels), *value))
        .collect();
    assert_eq!(calls.len(), count, "{query}");
    calls
}

#[track_caller]
fn assert_within(value: f64, least: f64, greatest: f64, what: &str) {
    let range = least * (1.0 - CLOCK)..=greatest * (1.0 + CLOCK);
    assert!(
        range.contains(&value),
        "{what}: {value} is not in {range:?}"
    );
}

/// A lock file that keeps every operation busy.
fn packages() -> String {
    let names: Vec<String> = (0..150).map(|index| format!("package-{index}")).collect();
    let mut packages: Vec<Package<'_>> =
        names.iter().map(|it| (&**it, "1.0.0", &[] as _)).collect();
    packages.push(("app", "0.2.0", &["package-0", "package-1"]));
    lockfile(&packages)
}

/// A database in which a package is needed by somebody's own resource, so that it cannot be removed.
fn prepare(workplace: &Workplace) {
    workplace
        .import(&[("app", "0.1.0", &["json"]), ("json", "1.0.0", &[])])
        .succeeds();
    workplace.add_mine();
}

/// How often an import has succeeded, as far as Prometheus knows; `None` if it has not asked yet.
fn imports(prometheus: &Prometheus, job: &str) -> Option<f64> {
    let query = format!(
        "function_calls_total{{job=\"{job}\",code_function_name=\"import\",otelkit_outcome=\"ok\"}}"
    );
    prometheus.values(&query).first().map(|(_, value)| *value)
}

#[test]
fn what_a_real_prometheus_answers_is_what_the_program_did() {
    let workplace = Workplace::new();
    prepare(&workplace);
    // the program waits for the contents of a pipe, so that the first scrapes see it at zero
    let pipe = workplace.path("Cargo.lock.pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let collector = Collector::start();
    let mut command = workplace.command();
    command.args(["import", "Cargo.lock.pipe", "--hold", "--metrics", ":0"]);
    collector.attach(&mut command);
    let mut program = Running::start(&mut command);
    let endpoint = program.endpoint();
    let relays = FORMATS.map(|(job, accept)| (job, Relay::start(&endpoint, accept)));
    let jobs = relays.each_ref().map(|(job, relay)| (*job, relay.address));
    let Some(prometheus) = Prometheus::start(&jobs, "2s") else {
        return;
    };
    for (job, relay) in &relays {
        relay.is_asked();
        relay.is_asked();
        while imports(&prometheus, job).is_none() {
            relay.is_asked();
        }
        assert_eq!(imports(&prometheus, job), Some(0.0));
    }
    std::fs::write(&pipe, packages()).unwrap();
    program.says("hold: ");
    for (job, relay) in &relays {
        relay.forget();
        relay.is_asked();
        relay.is_asked();
        while imports(&prometheus, job) != Some(1.0) {
            relay.is_asked();
        }
    }

    let spans = collector.so_far();
    let names = prometheus.values("count by (code_function_name) (function_calls_total)");
    let is_metered = |name: &str| {
        let mut names = names.iter();
        names.any(|(labels, _)| labels["code_function_name"] == name)
    };
    let truth = Truth::new(&spans, is_metered);
    assert_eq!(truth.durations("Resources::create").len(), 152);
    let failed = |call: &&Call| !call[2].is_empty();
    assert_eq!(
        truth.0.keys().filter(failed).count(),
        1,
        "{:?}",
        truth.0.keys()
    );
    for (job, _) in &relays {
        counts_match(&prometheus, job, &truth);
        rates_match(&prometheus, job, &truth);
        distributions_match(&prometheus, job, &truth);
    }
    native_buckets_match(&prometheus, &truth);
    for (job, metric) in [
        ("open", "function_duration_seconds_bucket"),
        ("open", "function_calls_total"),
        ("protobuf", "function_calls_total"),
    ] {
        exemplars_match(&prometheus, job, metric, &truth, &spans);
    }
    resources_match(&prometheus, &workplace, &spans);
    promtool_accepts(&scrape(&endpoint, "").unwrap());
    program.signal("INT");
    assert_eq!(program.end().code, Some(0));
}

/// Every call was counted once, where it belongs, and nothing else was.
fn counts_match(prometheus: &Prometheus, job: &str, truth: &Truth) {
    let counted = by_call(
        prometheus,
        &format!("function_calls_total{{job=\"{job}\"}} > 0"),
    );
    assert_eq!(counted, truth.counts(), "{job}");
}

/// The rate over a window that holds the first sample, at zero, and ends at the last one, is that
/// of everything: there is nothing to extrapolate.
fn rates_match(prometheus: &Prometheus, job: &str, truth: &Truth) {
    let last = prometheus.value(&format!(
        "max(timestamp(function_calls_total{{job=\"{job}\",code_function_name=\"import\"}}))"
    ));
    let query = format!("rate(function_calls_total{{job=\"{job}\"}}[20m] @ {last:.3}) > 0");
    let rates = by_call(prometheus, &query);
    let counts = truth.counts();
    assert!(rates.keys().eq(counts.keys()), "{job}: {rates:?}");
    for (call, rate) in rates {
        let calls = rate * 20.0 * 60.0;
        assert!((calls - counts[&call]).abs() < 1e-6, "{call:?}: {calls}");
    }
}

/// Sums, numbers and quantiles of durations are true, as far as the buckets can tell.
fn distributions_match(prometheus: &Prometheus, job: &str, truth: &Truth) {
    for function in ["Resources::create", "Resources::find", "import"] {
        let durations = truth.durations(function);
        let series = format!("{{job=\"{job}\",code_function_name=\"{function}\"}}");
        let (count, sum, buckets, width) = match job {
            "protobuf" => (
                format!("sum(histogram_count(function_duration_seconds{series}))"),
                format!("sum(histogram_sum(function_duration_seconds{series}))"),
                format!("sum(function_duration_seconds{series})"),
                native_width(prometheus, &series),
            ),
            _ => (
                format!("sum(function_duration_seconds_count{series})"),
                format!("sum(function_duration_seconds_sum{series})"),
                format!("sum by (le) (function_duration_seconds_bucket{series})"),
                2.0,
            ),
        };
        assert_eq!(
            prometheus.value(&count),
            durations.len() as f64,
            "{job} {function}"
        );
        let expected: f64 = durations.iter().sum();
        assert_within(prometheus.value(&sum), expected, expected, &sum);
        for share in [0.05, 0.5, 0.9, 0.95, 0.99, 1.0] {
            let query = format!("histogram_quantile({share}, {buckets})");
            let rank = (durations.len() as f64 * share).ceil() as usize;
            let expected = durations[rank.max(1) - 1];
            let what = format!("{job} {query}");
            assert_within(
                prometheus.value(&query),
                expected / width,
                expected * width,
                &what,
            );
        }
    }
}

/// The buckets of a native histogram: from, to, and how many values.
fn native_buckets(prometheus: &Prometheus, series: &str) -> Vec<[f64; 3]> {
    let query = format!("sum(function_duration_seconds{series})");
    let answer = prometheus.ask("query", &[("query", &query)]);
    let buckets = answer["result"][0]["histogram"][1]["buckets"].as_array();
    let buckets = buckets.unwrap_or_else(|| panic!("{answer}"));
    let number = |value: &Value| -> f64 { value.as_str().unwrap().parse().unwrap() };
    buckets
        .iter()
        .map(|it| [number(&it[1]), number(&it[2]), number(&it[3])])
        .collect()
}

/// By which factor the boundaries of a bucket differ.
fn native_width(prometheus: &Prometheus, series: &str) -> f64 {
    let [from, to, _] = native_buckets(prometheus, series)[0];
    to / from
}

/// Each bucket of a native histogram holds the durations that are in it.
fn native_buckets_match(prometheus: &Prometheus, truth: &Truth) {
    let function = "Resources::create";
    let series = format!("{{job=\"protobuf\",code_function_name=\"{function}\"}}");
    let durations = truth.durations(function);
    let buckets = native_buckets(prometheus, &series);
    assert!(buckets.len() > 3, "{buckets:?}");
    let mut so_far = 0.0;
    for [_, boundary, count] in buckets {
        so_far += count;
        let up_to = |boundary: f64| durations.iter().filter(|it| **it <= boundary).count() as f64;
        let (least, greatest) = (
            up_to(boundary * (1.0 - CLOCK)),
            up_to(boundary * (1.0 + CLOCK)),
        );
        assert!(
            (least..=greatest).contains(&so_far),
            "{so_far} up to {boundary}"
        );
    }
    assert_eq!(so_far, durations.len() as f64);
}

/// Every series that counted something leads to a span that it counted.
fn exemplars_match(
    prometheus: &Prometheus,
    job: &str,
    metric: &str,
    truth: &Truth,
    spans: &[Received],
) {
    let query = format!("{metric}{{job=\"{job}\"}}");
    let answer = prometheus.ask("query_exemplars", &[("query", &query)]);
    let mut calls = BTreeSet::new();
    for series in answer.as_array().unwrap() {
        let labels = &series["seriesLabels"];
        let call = call_of(labels);
        for exemplar in series["exemplars"].as_array().unwrap() {
            let ids = &exemplar["labels"];
            let span = spans.iter().find(|span| ids["span_id"] == *span.span_id);
            let span = span.unwrap_or_else(|| panic!("{query}: {series}"));
            assert_eq!(ids["trace_id"], *span.trace_id, "{series}");
            assert_eq!(call_of_span(span), call, "{series}");
            let value: f64 = exemplar["value"].as_str().unwrap().parse().unwrap();
            match labels["le"].as_str() {
                Some(boundary) => {
                    assert_within(value, span.seconds(), span.seconds(), &query);
                    assert!(value <= boundary.parse().unwrap(), "{series}");
                }
                None => assert_eq!(value, 1.0, "{series}"),
            }
        }
        calls.insert(call);
    }
    assert!(calls.iter().eq(truth.0.keys()), "{query}: {calls:?}");
}

/// Resources, cascades and searches are what the database and the spans say.
fn resources_match(prometheus: &Prometheus, workplace: &Workplace, spans: &[Received]) {
    let stored = workplace.dump().resources.len() as f64;
    let sum_of = |name: &str, key: &str| -> f64 {
        let spans = spans.iter().filter(|it| it.name == name);
        let spans = spans.filter(|it| it.attribute("error.type").is_none());
        spans
            .map(|it| it.attribute(key).unwrap().parse::<f64>().unwrap())
            .sum()
    };
    let cascaded = sum_of("Resources::delete", "cascade.size");
    let found = sum_of("Resources::search", "resource.count");
    assert!(cascaded >= 1.0 && found >= 1.0);
    for (job, _) in FORMATS {
        let is = |query: String, expected: f64| {
            assert_eq!(prometheus.value(&query), expected, "{query}")
        };
        is(format!("resource_stored{{job=\"{job}\"}}"), stored);
        let sum = |metric: &str| match job {
            "protobuf" => format!("histogram_sum({metric}{{job=\"{job}\"}})"),
            _ => format!("{metric}_sum{{job=\"{job}\"}}"),
        };
        is(sum("resource_cascade_size"), cascaded);
        is(sum("resource_search_results"), found);
    }
}

/// Every byte of it.
fn promtool_accepts(scraped: &[u8]) {
    let child = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    // it comes with Prometheus, which is here
    let mut child = child.expect("promtool");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(scraped).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
}
