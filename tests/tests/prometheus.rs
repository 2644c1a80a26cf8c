//! What a scraper reads, byte by byte, and who may keep it waiting.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use otel_runtime::Resource;
use otel_runtime::export::Exporter;
use otel_runtime::export::prometheus::{Format, PrometheusExporter, render};
use otel_runtime::metric::{Metrics, NumberValue, Points};
use otelkit_tests::checker::{judged, python};
use otelkit_tests::export::Started;
use otelkit_tests::receiver::PATIENCE;
use otelkit_tests::scraped::{
    counter, everything, exemplar, explicit, exponential, metric, number,
};

fn resource() -> Resource {
    let mut resource = Resource::default();
    resource.set("service.name", "a \"shop\"");
    resource.set("process.pid", 7);
    resource
}

fn text(metrics: Vec<otel_runtime::metric::Metric>, format: Format) -> String {
    let body = render(&Metrics { list: metrics }, &resource(), "", format);
    String::from_utf8(body).unwrap()
}

const TARGET: &str = "# TYPE target_info gauge
# HELP target_info Attributes of the resource.
target_info{process_pid=\"7\",service_name=\"a \\\"shop\\\"\"} 1
";
const TARGET_OPEN: &str = "# TYPE target info
# HELP target Attributes of the resource.
target_info{process_pid=\"7\",service_name=\"a \\\"shop\\\"\"} 1
# EOF
";

fn orders() -> otel_runtime::metric::Metric {
    let mut point = number("tier.of-customer", "a\"b\\c\nd", NumberValue::Int(7));
    point.exemplars.push(exemplar(1.0));
    counter("shop.orders", vec![point])
}

#[test]
fn a_counter_in_both_text_formats() {
    let labels =
        r#"{otel_scope_name="shop",otel_scope_version="1.2.3",tier_of_customer="a\"b\\c\nd"}"#;
    let expected = format!(
        "# TYPE shop_orders_total counter\n\
         # HELP shop_orders_total What is counted: \"all\" of it,\\nin \\\\ lines.\n\
         shop_orders_total{labels} 7\n{TARGET}"
    );
    assert_eq!(text(vec![orders()], Format::Text), expected);
    let trace = "0".repeat(29) + "abc";
    let expected = format!(
        "# TYPE shop_orders counter\n\
         # HELP shop_orders What is counted: \\\"all\\\" of it,\\nin \\\\ lines.\n\
         shop_orders_total{labels} 7 # {{trace_id=\"{trace}\",span_id=\"0000000000000def\"}} \
         1.0 1700000000.500000000\n{TARGET_OPEN}"
    );
    assert_eq!(text(vec![orders()], Format::OpenMetrics), expected);
}

#[test]
fn boundaries_are_classic_buckets_and_a_label_called_le_gives_way() {
    let labels = "otel_scope_name=\"shop\",otel_scope_version=\"1.2.3\",exported_le=\"true\"";
    let body = text(vec![explicit()], Format::Text);
    let samples: Vec<_> = body
        .lines()
        .filter(|line| line.starts_with("upload"))
        .collect();
    assert_eq!(
        samples,
        [
            format!("upload_size_bytes_bucket{{{labels},le=\"10.0\"}} 50"),
            format!("upload_size_bytes_bucket{{{labels},le=\"100.0\"}} 99"),
            format!("upload_size_bytes_bucket{{{labels},le=\"+Inf\"}} 100"),
            format!("upload_size_bytes_sum{{{labels}}} 1234.5"),
            format!("upload_size_bytes_count{{{labels}}} 100"),
        ]
    );
}

/// The boundaries, and how many values each is not below.
fn buckets(body: &str) -> Vec<(String, u64)> {
    let bucket = |line: &str| {
        let (_, rest) = line.split_once("le=\"")?;
        let (le, rest) = rest.split_once("\"} ")?;
        let value = rest.split(' ').next()?;
        Some((le.to_owned(), value.parse().unwrap()))
    };
    body.lines().filter_map(bucket).collect()
}

#[test]
fn the_boundaries_of_exponential_histograms_do_not_move() {
    let few = [0.0, 0.001, 0.25, 0.2500001, 3.0, 5000.0];
    let mut some = exponential("queue.wait", &few);
    let body = text(vec![some.clone()], Format::OpenMetrics);
    let of_some = buckets(&body);
    let at = |le: &str| of_some.iter().find(|(known, _)| known == le).unwrap().1;
    // upper boundaries belong to their bucket
    assert_eq!(
        (at("0.25"), at("0.5"), at("1024.0"), at("+Inf")),
        (3, 4, 5, 6)
    );
    let boundaries = |metric| {
        let text = text(vec![metric], Format::Text);
        let buckets = buckets(&text).into_iter();
        buckets.map(|(le, _)| le).collect::<Vec<_>>()
    };
    let expected = boundaries(some.clone());
    assert_eq!(expected, boundaries(exponential("queue.wait", &[])));
    for scale in [2, 0, -1, -3] {
        let Points::ExponentialHistogram { points, .. } = &mut some.points else {
            panic!("a histogram");
        };
        let (offset, counts) = points[0].rescaled(scale);
        let (offset, counts) = (offset, counts.into_owned());
        (points[0].scale, points[0].offset, points[0].counts) = (scale, offset, counts);
        assert_eq!(boundaries(some.clone()), expected, "{scale}");
        let counts: Vec<_> = buckets(&text(vec![some.clone()], Format::Text))
            .into_iter()
            .map(|(_, count)| count)
            .collect();
        assert!(counts.is_sorted(), "{scale}: {counts:?}");
        assert_eq!(counts.last(), Some(&6));
    }
}

#[test]
fn names_that_become_one_are_one_family_if_they_can_be() {
    let of = |name, label| counter(name, vec![number("a", label, NumberValue::Int(1))]);
    let gauge = metric(
        "shop.orders.total",
        "",
        Points::Gauge(vec![number("a", "", NumberValue::Int(1))]),
    );
    let body = text(
        vec![of("shop.orders", "1"), of("shop_orders", "2"), gauge],
        Format::Text,
    );
    assert_eq!(body.matches("# TYPE shop_orders_total").count(), 1);
    assert_eq!(body.matches("\nshop_orders_total{").count(), 2, "{body}");
}

#[test]
fn keys_that_become_one_share_a_label_and_a_prefix_begins_every_name() {
    let mut point = number("b_c", "2", NumberValue::Int(1));
    point
        .attributes
        .push(("b.c".into(), otel_runtime::metric::AttributeValue::Int(1)));
    let metrics = Metrics {
        list: vec![counter("a", vec![point])],
    };
    let body = render(&metrics, &resource(), "my.app", Format::Text);
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains("\nmy_app_a_total{"), "{body}");
    assert!(body.contains("b_c=\"1;2\""), "{body}");
}

/// What the program says about it.
fn accepted(output: Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    said.into_owned()
}

#[test]
fn promtool_accepts_every_byte() {
    let mut command = Command::new("promtool");
    command.args(["check", "metrics"]);
    let body = render(&everything(), &resource(), "", Format::Text);
    let judged = judged("promtool", "the Debian package prometheus", command, &body);
    judged.into_iter().for_each(|output| drop(accepted(output)));
}

#[test]
fn the_parser_of_prometheus_client_accepts_every_byte() {
    let Some(mut command) = python() else {
        return;
    };
    let script = "import sys\n\
        from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse\n\
        text = sys.stdin.buffer.read().decode()\n\
        samples = [s for family in parse(text) for s in family.samples]\n\
        print(len(samples), sum(s.exemplar is not None for s in samples))\n\
        print(sorted(s.labels['tier_of_customer'][:20] for s in samples if s.name == 'shop_orders_total'))";
    command.args(["-c", script]);
    let body = render(&everything(), &resource(), "", Format::OpenMetrics);
    let lines = body.iter().filter(|byte| **byte == b'\n').count();
    let comments = String::from_utf8_lossy(&body)
        .lines()
        .filter(|line| line.starts_with('#'))
        .count();
    let judged = judged("python", "cargo xtask test", command, &body).unwrap();
    let said = accepted(judged);
    assert!(
        said.starts_with(&format!("{} 3\n", lines - comments)),
        "{said}"
    );
    assert!(
        said.contains(r#"'"quoted"'"#) && said.contains(r"'two\nlines'"),
        "{said}"
    );
}

struct Endpoint {
    started: Started<PrometheusExporter>,
    port: u16,
}

fn endpoint() -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let started = Started::new(PrometheusExporter::new().listener(listener));
    Endpoint { started, port }
}

impl Endpoint {
    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[test]
fn the_accept_header_chooses_and_other_requests_are_told_why_not() {
    let endpoint = endpoint();
    let get = |path: &str, accept: &str| {
        endpoint.ask(&format!(
            "GET {path} HTTP/1.1\r\nhost: a\r\naccept: {accept}\r\n\r\n"
        ))
    };
    let plain = get("/metrics", "*/*");
    assert!(plain.starts_with("HTTP/1.1 200 OK\r\n"), "{plain}");
    assert!(
        plain.contains("content-type: text/plain; version=0.0.4"),
        "{plain}"
    );
    assert!(
        plain.ends_with("target_info{service_name=\"tests\"} 1\n"),
        "{plain}"
    );
    let open = get("/metrics", "application/openmetrics-text;version=1.0.0");
    assert!(open.ends_with("# EOF\n"), "{open}");
    assert!(get("/", "*/*").contains("404 Not Found"));
    assert!(
        endpoint
            .ask("POST /metrics HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n")
            .contains("405")
    );
    assert!(endpoint.ask("nonsense\r\n\r\n").contains("400 Bad Request"));
}

#[test]
fn those_who_hang_on_their_connections_do_not_hold_up_the_end() {
    let mut endpoint = endpoint();
    let hanging: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", endpoint.port)).unwrap();
            stream.write_all(b"GET /met").unwrap();
            stream
        })
        .collect();
    let started = Instant::now();
    endpoint.started.shutdown(PATIENCE).unwrap();
    assert!(started.elapsed() < PATIENCE, "it was not waited for");
    // the address is free again
    TcpListener::bind(("127.0.0.1", endpoint.port)).unwrap();
    drop(hanging);
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let config = otel_runtime::Config::new()
        .with_exporter(PrometheusExporter::new().address("127.0.0.1", port));
    let text = otel_runtime::install(config).unwrap_err().to_string();
    let expected =
        format!("exporter `prometheus` cannot start: cannot listen on `127.0.0.1:{port}`: ");
    assert!(text.starts_with(&expected), "{text}");
    let mut exporter = PrometheusExporter::new().address("127.0.0.1", 0);
    exporter
        .start(&resource(), std::sync::Arc::default())
        .unwrap();
    exporter
        .shutdown(Instant::now() + Duration::from_secs(30))
        .unwrap();
}
