//! What the operating system tells us: this process is a fork, or it is about to exit.
//!
//! On Windows it tells neither. `std::process::exit` is `ExitProcess` there, which passes over the
//! handlers of `atexit` and ends all other threads first: in a DLL, whose handlers run then, one
//! that waits for the collector would wait for nobody, and for a lock of a dead thread for ever.

use std::sync::{Mutex, Once, PoisonError, Weak};
use std::time::Duration;

use crate::collector::{Control, deadline_after};

/// What is flushed if the process exits without dropping the guard.
static AT_EXIT: Mutex<Option<(Weak<Control>, Duration, u64)>> = Mutex::new(None);

/// Registers the handlers, once per process.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Miri knows no handlers.
        #[cfg(all(unix, not(miri)))]
        system::register();
    });
}

/// Says what to flush at exit.
pub(super) fn flush_at_exit(control: Weak<Control>, timeout: Duration, forks: u64) {
    *AT_EXIT.lock().unwrap_or_else(PoisonError::into_inner) = Some((control, timeout, forks));
}

/// The installed runtime, for those who have no guard.
#[cfg(feature = "testing")]
pub(super) fn installed() -> Option<std::sync::Arc<Control>> {
    let at_exit = AT_EXIT.lock().unwrap_or_else(PoisonError::into_inner);
    at_exit.as_ref().and_then(|(control, ..)| control.upgrade())
}

/// Delivers what is left, for a process that ends by `exit`.
fn flush_now() {
    let Ok(at_exit) = AT_EXIT.try_lock() else {
        return;
    };
    let Some((control, timeout, forks)) = &*at_exit else {
        return;
    };
    if *forks == super::FORKS.load(std::sync::atomic::Ordering::Relaxed)
        && let Some(control) = control.upgrade()
    {
        let _ = control.request(deadline_after(*timeout), false);
    }
}

#[cfg(all(unix, not(miri)))]
#[allow(unsafe_code)]
mod system {
    pub(super) fn register() {
        // SAFETY: the handler only touches atomics and the thread's own state, which is what a
        // forked child may do.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
        // SAFETY: the handler is a plain function that lives as long as the program.
        unsafe { libc::atexit(at_exit) };
    }

    unsafe extern "C" fn in_child() {
        crate::install::forget_in_child();
    }

    extern "C" fn at_exit() {
        // A panic must not cross into C.
        let _ = std::panic::catch_unwind(super::flush_now);
    }
}
