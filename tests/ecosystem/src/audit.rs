//! A library that knows `log` alone.

pub(crate) fn note(what: &str) {
    log::info!("noted: {what}");
}
