//! A real Prometheus scrapes each format once, and its answers are what was counted.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use otel_runtime::Resource;
use otel_runtime::export::prometheus::{Format, render};
use otelkit_tests::receiver::{Answer, HttpReceiver, PATIENCE};
use otelkit_tests::scraped::everything;

struct Prometheus {
    child: Child,
    port: u16,
    _home: tempfile::TempDir,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Prometheus {
    /// `None`, said loudly, where there is none.
    fn start(targets: &[(&str, &HttpReceiver)]) -> Option<Self> {
        let home = tempfile::tempdir().unwrap();
        let mut config =
            "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n".to_owned();
        for (job, target) in targets {
            config += &format!(
                "- job_name: {job}\n  static_configs:\n  - targets: ['{}']\n",
                target.address
            );
        }
        let file = home.path().join("prometheus.yml");
        fs::write(&file, config).unwrap();
        // free again when the listener is gone
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let started = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                home.path().join("data").display()
            ))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--enable-feature=native-histograms,exemplar-storage")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = started else {
            let is_ci = std::env::var("CI").as_deref() == Ok("true");
            assert!(
                !is_ci,
                "prometheus is not here: the Debian package prometheus brings it"
            );
            eprintln!("SKIPPED: prometheus is not here; the Debian package prometheus brings it");
            return None;
        };
        Some(Self {
            child,
            port,
            _home: home,
        })
    }

    /// The one value that a query gives; waits until there is one.
    fn value(&self, query: &str) -> f64 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.ask(query);
            let value = &answer["data"]["result"][0]["value"][1];
            if let Some(value) = value.as_str() {
                return value.parse().unwrap();
            }
            assert!(Instant::now() < deadline, "{query}: {answer}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn ask(&self, query: &str) -> serde_json::Value {
        let escaped: String = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else {
            return serde_json::Value::Null;
        };
        let request = format!("GET /api/v1/query?query={escaped} HTTP/1.0\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        serde_json::from_str(body).unwrap_or_default()
    }
}

fn target(format: Format, kind: &str) -> HttpReceiver {
    let body = render(&everything(), &Resource::default(), "", format);
    let kind = ("content-type", kind.to_owned());
    HttpReceiver::start([Answer::Status(200, vec![kind], body)])
}

#[test]
fn a_real_prometheus_reads_what_was_counted_in_every_format() {
    let text = target(Format::Text, "text/plain; version=0.0.4; charset=utf-8");
    let open = target(
        Format::OpenMetrics,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
    );
    let protobuf = target(
        Format::Protobuf,
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
    );
    let targets = [("text", &text), ("open", &open), ("protobuf", &protobuf)];
    let Some(prometheus) = Prometheus::start(&targets) else {
        return;
    };
    let is = |query: &str, expected: f64, ratio: f64| {
        let value = prometheus.value(query);
        let range = expected / ratio * 0.999_999..=expected * ratio * 1.000_001;
        assert!(
            range.contains(&value),
            "{query}: {value}, expected {expected}"
        );
    };
    for (job, _) in targets {
        let of = |name: &str| format!("{name}{{job=\"{job}\"}}");
        is(&of("target_info"), 1.0, 1.0);
        // 1 to 9 and 99, hostile labels and all
        is(&format!("sum({})", of("shop_orders_total")), 144.0, 1.0);
        is(&of("upload_size_bytes_sum"), 1234.5, 1.0);
        is(&of("upload_size_bytes_count"), 100.0, 1.0);
        // each estimate is within the bucket that holds the true quantile
        for quantile in [0.1, 0.5, 0.95, 0.99] {
            let (buckets, ratio) = match job {
                "protobuf" => (of("queue_wait_seconds"), 2_f64.powf(0.125)),
                _ => (of("queue_wait_seconds_bucket"), 2.0),
            };
            is(
                &format!("histogram_quantile({quantile}, {buckets})"),
                quantile,
                ratio,
            );
        }
    }
    for job in ["text", "open"] {
        is(
            &format!("queue_wait_seconds_count{{job=\"{job}\"}}"),
            1000.0,
            1.0,
        );
        is(
            &format!("queue_wait_seconds_sum{{job=\"{job}\"}}"),
            500.5,
            1.0,
        );
        is(
            &format!("queue_empty_seconds_count{{job=\"{job}\"}} + 1"),
            1.0,
            1.0,
        );
    }
    is("histogram_count(queue_wait_seconds)", 1000.0, 1.0);
    is("histogram_sum(queue_wait_seconds)", 500.5, 1.0);
    // also an empty one is a native histogram
    is("histogram_count(queue_empty_seconds) + 1", 1.0, 1.0);
}
