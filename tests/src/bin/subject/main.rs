//! Plays the scenario its first argument names, and tells what it saw.

mod diagnostics;
mod endings;
mod executors;
mod footprint;
#[cfg(unix)]
mod fork;
mod hostile;
#[cfg(unix)]
mod observing;
mod receivers;
mod sharing;
mod threads;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let scenario = arguments.next().unwrap_or_default();
    let argument = arguments.next().unwrap_or_default();
    match &*scenario {
        "not-installed" => endings::not_installed(),
        "installed-twice" => endings::installed_twice(),
        "flushed-twice" => endings::flushed_twice(),
        "dropped" => endings::dropped(),
        "panic-in-main" => endings::panic_in_main(),
        "exit" => endings::exit(),
        "told-losses" => endings::told_losses(),
        "recorded-after-shutdown" => endings::recorded_after_shutdown(),
        "installed-again" => endings::installed_again(),
        "disabled" => endings::disabled(),
        "diagnostics" => diagnostics::play(&argument),
        "executor" => executors::play(&argument),
        #[cfg(unix)]
        "fork" => fork::play(&argument),
        #[cfg(unix)]
        "observing-fork" => observing::play(),
        #[cfg(unix)]
        "recording-fork" => observing::play_recorder(),
        "short-threads" => threads::short(),
        "concurrent-threads" => threads::concurrent(),
        "overflow" => threads::overflow(),
        "footprint" => footprint::play(&argument),
        "hostile" => hostile::play(&argument),
        "sharing" => sharing::play(&argument),
        "receiver" => receivers::play(&argument),
        other => panic!("no scenario is called `{other}`"),
    }
}
