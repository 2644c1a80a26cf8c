//! The executor of every command, with its signals.

use tokio::runtime::{Builder, Runtime};

use crate::stop::Stops;

/// An executor on all cores, and the signals from now on.
pub(crate) fn start() -> Result<(Runtime, Stops), String> {
    let cannot = |error| format!("the executor cannot start: {error}");
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(cannot)?;
    let stops = {
        let _inside = runtime.enter();
        Stops::new().map_err(cannot)?
    };
    Ok((runtime, stops))
}
