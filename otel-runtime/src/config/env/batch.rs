//! `OTEL_BSP_*` and `OTEL_BLRP_*`: how spans and log records are put together for sending.

use std::time::Duration;

use super::vars::Reader;
use crate::config::error::ConfigProblem;

/// How the items of one signal are put together. `None` stands for what is not mentioned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BatchSettings {
    pub(crate) schedule_delay: Option<Duration>,
    pub(crate) export_timeout: Option<Duration>,
    pub(crate) max_queue_items: Option<u32>,
    pub(crate) max_batch_items: Option<u32>,
}

/// The variables of one signal.
#[derive(Debug)]
pub(super) struct Names {
    delay: &'static str,
    timeout: &'static str,
    queue: &'static str,
    batch: &'static str,
}

pub(super) static SPANS: Names = Names {
    delay: "OTEL_BSP_SCHEDULE_DELAY",
    timeout: "OTEL_BSP_EXPORT_TIMEOUT",
    queue: "OTEL_BSP_MAX_QUEUE_SIZE",
    batch: "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
};

pub(super) static LOGS: Names = Names {
    delay: "OTEL_BLRP_SCHEDULE_DELAY",
    timeout: "OTEL_BLRP_EXPORT_TIMEOUT",
    queue: "OTEL_BLRP_MAX_QUEUE_SIZE",
    batch: "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
};

pub(super) fn read(reader: &mut Reader<'_>, names: &Names) -> BatchSettings {
    let batch = BatchSettings {
        schedule_delay: reader.duration(&[names.delay]),
        export_timeout: reader.timeout(&[names.timeout]),
        max_queue_items: reader.integer(&[names.queue], 1),
        max_batch_items: reader.integer(&[names.batch], 1),
    };
    if let (Some(queue), Some(size)) = (batch.max_queue_items, batch.max_batch_items)
        && size > queue
    {
        let reason = format!("expected at most {}, which is {queue}", names.queue);
        let problem = ConfigProblem::new(names.batch, reason).with_value(size.to_string());
        reader.problems.push(problem);
    }
    batch
}
