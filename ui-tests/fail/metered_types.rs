use otel_runtime::{Label, metered};

#[derive(Clone, Copy, Label)]
enum Tier {
    Free,
    Paid,
}

const RISING: &[f64] = &[1.0, 1.0];

#[metered(labels(tenant = id))]
fn open_label(id: &str) {}

#[metered(labels(tenant: u64 = id))]
fn open_written_label(id: u64) {}

#[metered(labels(tier: bool = tier))]
fn other_type(tier: Tier) {}

#[metered(counter("sizes", by = size))]
fn negative(size: i32) {}

#[metered(counter("sizes", by = |text| text.len() as f64))]
fn broken(text: String) -> String {
    text
}

#[metered(histogram("sizes", value = text))]
fn size_of_text(text: &str) {}

#[metered(name = "rising", buckets = RISING)]
fn buckets() {}

#[metered(labels(tier = nothing.tier))]
fn of_nothing(tier: Tier) {}

fn main() {
    let _ = Tier::Paid;
}
