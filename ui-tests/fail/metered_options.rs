use otel_runtime::metered;

#[metered(nmae = "a")]
fn unknown() {}

#[metered(in_flight, unit = "s", in_flight)]
fn twice() {}

#[metered(name = NAME)]
fn name_is_no_text() {}

#[metered(name = "1st")]
fn name_begins_with_a_digit() {}

#[metered(name = "a b")]
fn name_with_a_space() {}

#[metered(unit = "min")]
fn unit_of_no_duration() {}

#[metered(unit)]
fn unit_without_value() {}

#[metered(description = 7)]
fn description_is_no_text() {}

#[metered(in_flight = true, skip = true)]
fn flags() {}

#[metered(labels)]
fn labels_without_list() {}

#[metered(buckets)]
fn buckets_without_list() {}

#[metered(buckets())]
fn no_buckets() {}

#[metered(buckets(1, "2"))]
fn bucket_of_text() {}

#[metered(buckets(0.1, 0.5, 0.5))]
fn buckets_that_do_not_rise() {}

#[metered(buckets = 5)]
fn buckets_of_a_number() {}

#[metered(slo)]
fn objective_without_list() {}

#[metered(slo(uptime = 99))]
fn unknown_objective() {}

#[metered(slo(success = 100, latency("fast" = 99)))]
fn impossible_objective() {}

#[metered(slo(latency("1s")))]
fn latency_without_share() {}

#[metered(slo(latency("1s" = 0)))]
fn latency_of_no_call() {}

#[metered(slo(latency(250 = 99)))]
fn latency_is_no_text() {}

#[metered(slo(success = 99, success = 98))]
fn objective_twice() {}

#[metered]
const fn constant() {}

#[metered(fields(a))]
fn option_of_traced() {}

#[metered(buckets(0.1, 0.5))]
fn buckets_without_name() {}

#[metered(unit = "ms", buckets = BOUNDS)]
fn unit_without_name() {}

#[metered(unit = "s", buckets = exponential)]
fn as_others() {}

fn main() {}
