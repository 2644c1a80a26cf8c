use otel_runtime::metered;

#[metered(counter)]
fn no_list() {}

#[metered(counter(by = 1))]
fn no_name() {}

#[metered(counter(7))]
fn name_is_a_number() {}

#[metered(counter("shop items"))]
fn name_with_a_space() {}

#[metered(counter("items", buy = 1))]
fn unknown() {}

#[metered(counter("items", by = 1, by = 2))]
fn twice() {}

#[metered(up_down("stock"))]
fn up_down_by_nothing() {}

#[metered(histogram("weight", unit = "kg"))]
fn histogram_of_nothing() {}

#[metered(counter("items", buckets(1)))]
fn counter_with_buckets() {}

#[metered(counter("items", unit = "{an item}"))]
fn unit_with_a_space() {}

#[metered(counter("items", by = |value| value.len()))]
fn of_nothing() {}

fn main() {}
