#![allow(unused)]

use otel_runtime::metric::{Counter, ObservableGauge};

#[otel_runtime::metric]
fn function() {}

#[otel_runtime::metric]
const CONSTANT: Counter = Counter::new("constant", &[]);

#[otel_runtime::metric]
static mut MUTABLE: Counter = Counter::new("mutable", &[]);

#[otel_runtime::metric(unit = "s")]
static WITH_UNIT: Counter = Counter::new("with.unit", &[]);

#[otel_runtime::metric(rutnime = otel_runtime)]
static MISSPELT: Counter = Counter::new("misspelt", &[]);

unsafe extern "C" {
    #[otel_runtime::metric]
    static FOREIGN: Counter;
}

fn main() {}
