#![allow(unused)]

use otel_runtime::metric::{Counter, ObservableGauge};

#[otel_runtime::metric]
static NUMBER: u32 = 1;

#[otel_runtime::metric]
static OBSERVED: ObservableGauge = ObservableGauge::new("observed", &[]);

#[otel_runtime::metric]
static BAD_NAME: Counter = Counter::new("1st", &[]);

fn main() {}
