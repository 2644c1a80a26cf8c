//! What a courier brings back.

use crate::stats::LossCause;

/// What became of the items of one parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Receipt {
    /// All of them arrived.
    Delivered,
    /// All but this many arrived.
    #[cfg(any(feature = "otlp", feature = "lines"))]
    Partly {
        cause: LossCause,
        lost: u64,
        reason: String,
    },
    /// None arrived.
    Lost { cause: LossCause, reason: String },
}
