//! The tick counter. Read on the caller's threads.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// True once [`choose_source`] found that the processor's counter can be trusted.
static COUNTER_IS_STEADY: AtomicBool = AtomicBool::new(false);

/// Decides between the processor's counter and the monotonic clock.
///
/// Called before the first tick is read; a later call finds the same answer.
pub(crate) fn choose_source() {
    epoch();
    COUNTER_IS_STEADY.store(counter::is_steady(), Ordering::Relaxed);
}

/// The current tick. Never zero, so that zero can mean "not started".
#[inline]
pub(crate) fn ticks() -> u64 {
    if COUNTER_IS_STEADY.load(Ordering::Relaxed) {
        counter::read()
    } else {
        monotonic_ns()
    }
}

/// The current tick if that takes one instruction; `None` if [`ticks`] would ask the operating
/// system.
#[inline(always)]
pub(crate) fn counter_ticks() -> Option<u64> {
    COUNTER_IS_STEADY
        .load(Ordering::Relaxed)
        .then(counter::read)
}

#[cold]
fn monotonic_ns() -> u64 {
    u64::try_from(epoch().elapsed().as_nanos())
        .unwrap_or(u64::MAX)
        .saturating_add(1)
}

fn epoch() -> Instant {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    *EPOCH.get_or_init(Instant::now)
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[allow(unsafe_code)]
pub(crate) mod counter {
    //! The time stamp counter, if it runs at one rate on all cores.

    /// The counter as it stands; means something if [`counter_ticks`](super::counter_ticks) has
    /// ever said so.
    #[inline]
    pub(crate) fn read() -> u64 {
        // SAFETY: every x86-64 processor has the instruction.
        unsafe { core::arch::x86_64::_rdtsc() }
    }

    /// The processor says that the counter's rate is constant, and the kernel,
    /// which compares the cores, uses it as its own clock.
    pub(super) fn is_steady() -> bool {
        const LARGEST_EXTENDED_LEAF: u32 = 0x8000_0000;
        const POWER_MANAGEMENT_LEAF: u32 = 0x8000_0007;
        const INVARIANT_TSC: u32 = 1 << 8;
        let has_leaf =
            core::arch::x86_64::__cpuid(LARGEST_EXTENDED_LEAF).eax >= POWER_MANAGEMENT_LEAF;
        let invariant =
            has_leaf && core::arch::x86_64::__cpuid(POWER_MANAGEMENT_LEAF).edx & INVARIANT_TSC != 0;
        invariant && kernel_trusts_it()
    }

    #[cfg(target_os = "linux")]
    fn kernel_trusts_it() -> bool {
        let source = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        std::fs::read_to_string(source).is_ok_and(|name| name.trim() == "tsc")
    }

    #[cfg(not(target_os = "linux"))]
    fn kernel_trusts_it() -> bool {
        true
    }
}

#[cfg(all(target_arch = "aarch64", not(miri)))]
#[allow(unsafe_code)]
pub(crate) mod counter {
    //! The virtual counter, which the architecture requires to be steady.

    /// The counter as it stands; means something if [`counter_ticks`](super::counter_ticks) has
    /// ever said so.
    #[inline]
    pub(crate) fn read() -> u64 {
        let count: u64;
        // SAFETY: the register is readable in user mode on every supported system.
        unsafe {
            core::arch::asm!("mrs {}, cntvct_el0", out(reg) count, options(nomem, nostack));
        }
        count
    }

    pub(super) fn is_steady() -> bool {
        true
    }
}

#[cfg(any(miri, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub(crate) mod counter {
    //! No counter that user code may read: the monotonic clock serves instead.

    /// The counter as it stands; means something if [`counter_ticks`](super::counter_ticks) has
    /// ever said so.
    #[inline]
    pub(crate) fn read() -> u64 {
        super::monotonic_ns()
    }

    pub(super) fn is_steady() -> bool {
        false
    }
}
