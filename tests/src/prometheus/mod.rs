//! A real Prometheus of one's own, and what it answers.
//!
//! The example's tests share this module, by its path.

mod relay;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

pub use relay::{FORMATS, Relay, scrape};

/// A Prometheus that scrapes; ends when dropped.
#[derive(Debug)]
pub struct Prometheus {
    child: Child,
    port: u16,
    _home: tempfile::TempDir,
}

impl Prometheus {
    /// Has it scrape these jobs at this interval, such as `1s`. Whoever is scraped hears when it
    /// begins: the numbers of a scrape can be asked for once the next one has begun.
    ///
    /// `None`, said loudly, where there is no Prometheus.
    ///
    /// # Panics
    /// If there is neither a port nor a directory for it.
    #[must_use]
    pub fn start(jobs: &[(&str, SocketAddr)], interval: &str) -> Option<Self> {
        let home = tempfile::tempdir().expect("a directory");
        let mut config = format!(
            "global:\n  scrape_interval: {interval}\n  scrape_timeout: {interval}\nscrape_configs:\n"
        );
        for (job, address) in jobs {
            config +=
                &format!("- job_name: {job}\n  static_configs:\n  - targets: ['{address}']\n");
        }
        let file = home.path().join("prometheus.yml");
        fs::write(&file, config).expect("a file");
        // free again when the listener is gone
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let data = home.path().join("data");
        let started = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", data.display()))
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

    /// The one value that a query gives.
    ///
    /// # Panics
    /// If it gives none, or more.
    #[must_use]
    #[track_caller]
    pub fn value(&self, query: &str) -> f64 {
        match &self.values(query)[..] {
            [(_, value)] => *value,
            other => panic!("{query}: {other:?}"),
        }
    }

    /// The values that a query gives, each with its labels.
    ///
    /// # Panics
    /// If it is none, or gives something else.
    #[must_use]
    #[track_caller]
    pub fn values(&self, query: &str) -> Vec<(Value, f64)> {
        let answer = self.ask("query", &[("query", query)]);
        let values = answer["result"].as_array().expect("a list").iter();
        values
            .map(|it| {
                let value = it["value"][1].as_str();
                let value = value.unwrap_or_else(|| panic!("{query}: {it}"));
                (it["metric"].clone(), value.parse().expect("a number"))
            })
            .collect()
    }

    /// The data that it answers on one of its [endpoints] with.
    ///
    /// # Panics
    /// If it is not there, or does not like the question.
    ///
    /// [endpoints]: https://prometheus.io/docs/prometheus/latest/querying/api/
    #[must_use]
    #[track_caller]
    pub fn ask(&self, endpoint: &str, parameters: &[(&str, &str)]) -> Value {
        let escaped =
            |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02x}")).collect() };
        let parameters: Vec<String> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        let path = format!("/api/v1/{endpoint}?{}", parameters.join("&"));
        let request = format!("GET {path} HTTP/1.0\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let mut body: Value = serde_json::from_str(body).unwrap_or_default();
        assert_eq!(body["status"], "success", "{parameters:?}: {answer}");
        body["data"].take()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
