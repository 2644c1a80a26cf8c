use otel_runtime::metric::Counter;
use otel_runtime::{Secret, metered, metric};

#[metered(labels(token))]
fn known(token: Secret<bool>) {}

#[metered(labels(token = open(token, max = 10)))]
fn open(token: &Secret<String>) {}

#[metric]
static BY_TOKEN: Counter<Secret<bool>> = Counter::new("by.token", &["token"]);

fn main() {}
