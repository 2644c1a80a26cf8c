//! Instructions per span, counted by callgrind.
//!
//! Only the measured loop on the measured thread is counted, after a warm-up
//! in which buffers grow to their size, and the figure is the difference between two lengths of that loop: what a further span
//! costs, without what the loop costs once.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::build::{bench_target_dir, output};

const BURSTS: u32 = 4;
const CALLS: [u32; 2] = [128, 384];

/// Whether valgrind can be started.
pub(crate) fn available() -> bool {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    valgrind.status().is_ok_and(|status| status.success())
}

pub(crate) fn per_span(program: &Path, case: &str, endpoint: &str) -> Result<f64, String> {
    let short = collected(program, case, endpoint, CALLS[0])?;
    let long = collected(program, case, endpoint, CALLS[1])?;
    let spans_per_call = match case {
        "trace11" | "events10" | "logs10" => 11,
        _ => 1,
    };
    let spans = f64::from((CALLS[1] - CALLS[0]) * BURSTS * spans_per_call);
    Ok((long - short) / spans)
}

/// What a further span costs the collector's thread, of a program that takes a number of bursts after
/// `args`. The profiles stay in the folder `callgrind` of the target directory, and tell which
/// function spends it.
pub(crate) fn of_collector(
    program: &Path,
    args: [&str; 3],
    burst_spans: u32,
) -> Result<f64, String> {
    const SHORT: u32 = 2;
    const LONG: u32 = 10;
    let counted = |bursts: u32| {
        let file = profile_of(program, &args.join("."), bursts)?;
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["-q", "--tool=callgrind", "--separate-threads=yes"]);
        valgrind.arg(format!("--callgrind-out-file={}", file.display()));
        valgrind.arg(program).args(args).arg(bursts.to_string());
        output(&mut valgrind)?;
        // The second thread is the first that the runtime starts.
        summary(&format!("{}-02", file.display()))
    };
    let spans = f64::from((LONG - SHORT) * burst_spans);
    Ok((counted(LONG)? - counted(SHORT)?) / spans)
}

fn collected(program: &Path, case: &str, endpoint: &str, calls: u32) -> Result<f64, String> {
    let file = profile_of(program, case, calls)?;
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["-q", "--tool=callgrind", "--separate-threads=yes"]);
    valgrind.arg("--toggle-collect=*timed_loop*");
    valgrind.arg(format!("--callgrind-out-file={}", file.display()));
    valgrind.arg(program).args(["micro", case, "warm_up=10"]);
    valgrind.arg(format!("bursts={BURSTS}"));
    valgrind
        .arg(format!("calls={calls}"))
        .arg(format!("endpoint={endpoint}"));
    output(&mut valgrind)?;
    // Callgrind numbers the threads; the first is the one that calls.
    summary(&format!("{}-01", file.display()))
}

/// Where the profile of such a run goes.
fn profile_of(program: &Path, case: &str, length: u32) -> Result<PathBuf, String> {
    let folder = bench_target_dir().join("callgrind");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    Ok(folder.join(format!("{name}.{case}.{length}")))
}

/// All instructions of a profile.
fn summary(file: &str) -> Result<f64, String> {
    let profile = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    profile
        .lines()
        .find_map(|line| line.strip_prefix("summary:")?.trim().parse().ok())
        .ok_or_else(|| format!("{file} has no summary"))
}
