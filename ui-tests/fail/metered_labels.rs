#![allow(unused)]

use otel_runtime::{Label, metered};

#[derive(Clone, Copy, Label)]
enum Tier {
    Free,
}

struct Customer {
    tier: Tier,
}

#[metered(labels(tier, tier = tier))]
fn twice(tier: Tier) {}

#[metered(labels(tier =))]
fn no_value(tier: Tier) {}

#[metered(labels("tier"))]
fn key_alone() {}

#[metered(labels(tier tier))]
fn no_sign(tier: Tier) {}

#[metered(labels(tier: Tier))]
fn type_alone(tier: Tier) {}

#[metered(labels(a, b, c, d, e, f, g))]
fn too_many(a: bool, b: bool, c: bool, d: bool, e: bool, f: bool, g: bool) {}

impl Customer {
    #[metered(labels(tier = self.tier))]
    fn of_self(&self) {}

    #[metered(labels(tier = Self::tier(customer)))]
    fn of_own_function(customer: &Self) {}

    fn tier(_: &Self) -> Tier {
        Tier::Free
    }
}

#[metered(labels(tier = tier.into()))]
fn of_some_type(tier: impl Into<Tier>) {}

#[metered(labels(tier))]
fn of_parameter<T: Label>(tier: T) {}

#[metered(labels(tier: T = tier))]
fn of_written_parameter<T: Label>(tier: T) {}

#[metered(labels(tier: _ = tier))]
fn of_no_type(tier: Tier) {}

fn main() {}
