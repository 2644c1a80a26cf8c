//! Addresses: of people, and of machines.

pub(super) mod email;
pub(super) mod ip;
