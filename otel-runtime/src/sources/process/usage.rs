//! What `getrusage` says: for the whole process, threads that have ended included.

use std::mem::MaybeUninit;
use std::time::Duration;

use super::Reading;

pub(super) fn read(reading: &mut Reading) {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is to memory for what is written there.
    if unsafe { libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr()) } != 0 {
        return;
    }
    // SAFETY: it consists of numbers, and has been zero or written.
    let usage = unsafe { usage.assume_init() };
    reading.cpu_user = Some(duration(usage.ru_utime));
    reading.cpu_system = Some(duration(usage.ru_stime));
    reading.voluntary_switches = u64::try_from(usage.ru_nvcsw).ok();
    reading.involuntary_switches = u64::try_from(usage.ru_nivcsw).ok();
    reading.minor_faults = u64::try_from(usage.ru_minflt).ok();
    reading.major_faults = u64::try_from(usage.ru_majflt).ok();
}

fn duration(time: libc::timeval) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let micros = u64::try_from(time.tv_usec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}

/// A constant of the running system; `None` if it is not known.
#[cfg(target_os = "linux")]
pub(super) fn constant(name: libc::c_int) -> Option<u64> {
    // SAFETY: any number may be asked for.
    let value = unsafe { libc::sysconf(name) };
    u64::try_from(value).ok().filter(|value| *value > 0)
}
