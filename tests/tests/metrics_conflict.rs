//! Two instruments of one name that cannot be one metric.

use otel_runtime::metric::{Counter, Histogram};
use otel_runtime::{Config, install};

static SECONDS: Histogram = Histogram::new("job.length", &[]).unit("s");
static JOBS: Counter = Counter::new("job.length", &[]).unit("s");

#[test]
fn install_refuses_them_and_names_both_places() {
    SECONDS.instrument().register();
    JOBS.instrument().register();
    let message = install(Config::new()).unwrap_err().to_string();
    assert!(
        message.contains("the metric `job.length` is declared with one kind at"),
        "{message}"
    );
    assert!(message.contains("metrics_conflict.rs:6:"), "{message}");
    assert!(message.contains("metrics_conflict.rs:7:"), "{message}");
}
