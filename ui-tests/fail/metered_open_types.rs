#![allow(unused)]

use otel_runtime::metric::{Counter, Open};
use otel_runtime::metered;

struct Opaque;

const NONE: usize = 0;

#[metered(labels(name))]
fn text(name: &str) {}

#[metered(labels(id = id))]
fn number(id: u64) {}

#[metered(labels(opaque = open(opaque, max = 3)))]
fn opaque(opaque: Opaque) {}

#[metered(labels(id = open(id, max = NONE)))]
fn of_nothing(id: u64) {}

static BY_NUMBER: Counter<u64> = Counter::new("by.number", &["number"]);
static OF_NOTHING: Counter<Open<0>> = Counter::new("of.nothing", &["text"]);

fn main() {}
