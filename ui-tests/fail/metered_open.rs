#![allow(unused)]

use otel_runtime::metered;

struct Opaque;

const NONE: usize = 0;

#[metered(labels(id = open(id)))]
fn without_cap(id: u64) {}

#[metered(labels(tenant = open(user.tenant())))]
fn without_cap_of_a_call(user: String) {}

#[metered(labels(id = open(id, max = 0)))]
fn of_nothing(id: u64) {}

#[metered(labels(id = open(id, max = "100")))]
fn with_a_text(id: u64) {}

#[metered(labels(id = open(id, cap = 100)))]
fn with_another_word(id: u64) {}

#[metered(labels(id = open(id, max = 100, max = 200)))]
fn twice(id: u64) {}

#[metered(labels(id = open(max = 100)))]
fn without_value(id: u64) {}

#[metered(labels(id = open(id, other, max = 100)))]
fn of_two(id: u64, other: u64) {}

#[metered(labels(id: u64 = open(id, max = 100)))]
fn with_type(id: u64) {}

#[metered(labels(id = open(id, max = 100)), max_series = 1.5)]
fn no_number(id: u64) {}

fn main() {}
