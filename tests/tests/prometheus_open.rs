//! Labels that can have any value, from the call to whoever scrapes: names of files, which may be no
//! text at all, are read in every format as what they are.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::TcpListener;
use std::process::Command;

use otel_runtime::export::prometheus::PrometheusExporter;
use otel_runtime::metric::{Counter, Open};
use otel_runtime::{Config, SpanLimits, install};
use otelkit_tests::checker::{judged, python};
use otelkit_tests::prometheus::{FORMATS, Prometheus, Relay, scrape};

static READS: Counter<Open<100>> = Counter::new("file.reads", &["file"]);

fn names() -> Vec<OsString> {
    let mut names: Vec<OsString> = [
        "plain",
        "",
        "\"quoted\"",
        "two\nlines",
        "back\\slash",
        "\\n",
        "\\",
        "\"} 1\n# EOF\n",
        "a\r\tb",
        "é😀\u{2028}\u{feff}",
        "\u{0}\u{7f}\u{1b}[31m",
    ]
    .iter()
    .map(OsString::from)
    .collect();
    names.push("\"\\\n ".repeat(16 << 10).into());
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        names.push(OsString::from_vec(b"caf\xe9 \xff\"\\\n\xf0\x9f".to_vec()));
        names.push(OsString::from_vec(b"\xed\xa0\x80".to_vec()));
    }
    names
}

/// How often each was read, by the name that the labels can show; the first once, and so on.
fn expected() -> BTreeMap<String, u64> {
    let names = names().into_iter().zip(1..);
    names
        .map(|(name, calls)| (name.to_string_lossy().into_owned(), calls))
        .collect()
}

#[test]
fn every_file_name_is_read_in_every_format() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = listener.local_addr().unwrap().to_string();
    let exporter = PrometheusExporter::new().listener(listener);
    // else long values are cut, as those of spans are
    let mut limits = SpanLimits::default();
    limits.value_length = 64 << 10;
    let config = Config::new().limits(limits).with_exporter(exporter);
    let _telemetry = install(config).unwrap();
    for (name, calls) in names().iter().zip(1..) {
        READS.add(calls, &*name.to_string_lossy());
    }
    assert_eq!(expected().len(), names().len());
    promtool_accepts(&endpoint);
    prometheus_client_reads(&endpoint, "openmetrics.parser", FORMATS[1].1);
    prometheus_client_reads(&endpoint, "parser", FORMATS[0].1);
    prometheus_reads(&endpoint);
}

fn promtool_accepts(endpoint: &str) {
    let mut command = Command::new("promtool");
    command.args(["check", "metrics"]);
    let text = scrape(endpoint, FORMATS[0].1).unwrap();
    let judged = judged("promtool", "the Debian package prometheus", command, &text);
    assert!(judged.is_none_or(|output| output.status.success()));
}

fn prometheus_client_reads(endpoint: &str, module: &str, accept: &str) {
    let Some(mut python) = python() else {
        return;
    };
    let script = format!(
        "import json, sys\n\
         from prometheus_client.{module} import text_string_to_metric_families as parse\n\
         text = sys.stdin.buffer.read().decode()\n\
         samples = [s for family in parse(text) for s in family.samples]\n\
         calls = [s for s in samples if s.name == 'file_reads_total' and s.value > 0]\n\
         print(json.dumps([[s.labels['file'], int(s.value)] for s in calls]))"
    );
    python.args(["-c", &script]);
    let text = scrape(endpoint, accept).unwrap();
    let output = judged("python", "cargo xtask test", python, &text).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let calls: Vec<(String, u64)> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(calls.len(), expected().len());
    assert_eq!(BTreeMap::from_iter(calls), expected(), "{module}");
}

fn prometheus_reads(endpoint: &str) {
    let relays = FORMATS.map(|(job, accept)| (job, Relay::start(endpoint, accept)));
    let jobs = relays.each_ref().map(|(job, relay)| (*job, relay.address));
    let Some(prometheus) = Prometheus::start(&jobs, "2s") else {
        return;
    };
    for (job, relay) in &relays {
        relay.is_asked();
        let query = format!("file_reads_total{{job=\"{job}\"}} > 0");
        let mut calls = Vec::new();
        // a scrape may have been too slow for it, then the next one counts
        while calls.is_empty() {
            relay.is_asked();
            calls = prometheus.values(&query);
        }
        // an empty label is none
        let file = |labels: &serde_json::Value| labels["file"].as_str().unwrap_or("").to_owned();
        let calls = calls
            .iter()
            .map(|(labels, calls)| (file(labels), *calls as u64));
        assert_eq!(BTreeMap::from_iter(calls), expected(), "{job}");
    }
}
