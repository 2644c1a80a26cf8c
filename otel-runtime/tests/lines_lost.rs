//! Lines that nobody takes: no caller waits for them, and none is lost uncounted.
//!
//! Each test says many lines on several threads, and compares what the runtime has counted with
//! what has arrived at the other end. Callers that waited would never be done in the tests where
//! nobody reads.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, PipeReader, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use otel_runtime::export::lines::{LineForm, LinesExporter};
use otel_runtime::export::{BatchConfig, LossCause};
use otel_runtime::log::{LogFilter, LogSite, LogSiteSpec, Severity};
use otel_runtime::{Config, ExporterReport, Stats, Telemetry, install};

/// How many lines an ordinary run says.
const MANY: u64 = 50_000;
/// How many lines are said where there is time for them: see `cargo xtask ci lines`.
const VERY_MANY: u64 = 10_000_000;
const THREADS: u64 = 2;
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a shutdown may take where somebody hangs.
const SHORT: Duration = Duration::from_secs(2);

/// One runtime at a time, also where tests share a process.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn started(exporter: LinesExporter) -> Telemetry {
    let config = Config::new()
        .diagnostics(None)
        .service_name("flood")
        .log_filter(LogFilter::new(Severity::INFO))
        .with_exporter(exporter);
    install(config).unwrap()
}

/// A small queue, so that it is full soon.
fn small() -> BatchConfig {
    BatchConfig {
        max_queue_bytes: 256 << 10,
        max_export_batch_bytes: 16 << 10,
        ..LinesExporter::default_batch()
    }
}

/// Says so many lines.
fn flood(lines: u64) {
    let site = LogSite::register(LogSiteSpec::of_target("flood"));
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for number in 0..lines / THREADS {
                    site.log(Severity::INFO, |record| {
                        record.body(format_args!("line {number}"));
                        record.field("thread", &thread);
                        record.field("number", &number);
                        record.field("name", "a name\nof two lines");
                    });
                }
            });
        }
    });
}

/// Waits until the collector has passed all lines on, but for what a small queue holds of them: a
/// shutdown that is short leaves it no time for more.
#[track_caller]
fn passed_on(telemetry: &Telemetry, said: u64) {
    const SHORTEST_LINE: u64 = 100;
    let queued = small().max_queue_bytes as u64 / SHORTEST_LINE;
    let begun = Instant::now();
    while accounted(&telemetry.stats()) + queued < said {
        assert!(begun.elapsed() < PATIENCE, "{}", telemetry.stats());
        thread::sleep(Duration::from_millis(1));
    }
}

/// How many lines were written or counted as lost.
fn accounted(stats: &Stats) -> u64 {
    let report = report(stats);
    let before: u64 = stats.dropped_logs.iter().map(|(_, lost)| lost).sum();
    let lost: u64 = report.dropped_logs.iter().map(|(_, lost)| lost).sum();
    before + report.exported_logs + lost
}

/// Every line that was said was written, or is counted as lost once. Returns how many were written.
#[track_caller]
fn settled(stats: &Stats, said: u64) -> u64 {
    assert_eq!(stats.recorded_logs, said, "{stats}");
    assert_eq!(accounted(stats), said, "{stats}");
    report(stats).exported_logs
}

/// Ends the runtime, which has lost something.
#[track_caller]
fn lossy(telemetry: &Telemetry, within: Duration) -> Stats {
    telemetry.shutdown(within).unwrap_err().stats().clone()
}

fn report(stats: &Stats) -> &ExporterReport {
    &stats.exporters[0]
}

fn lost_for(stats: &Stats, cause: LossCause) -> u64 {
    let lost = &report(stats).dropped_logs;
    lost.iter()
        .find(|(it, _)| *it == cause)
        .map_or(0, |it| it.1)
}

/// The whole lines in what is read, each of them JSON.
fn whole_lines(read: impl Read) -> u64 {
    let mut reader = BufReader::with_capacity(1 << 20, read);
    let mut line = Vec::new();
    let mut lines = 0;
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line) {
            // a terminal that was closed at its other end
            Err(error) if error.raw_os_error() == Some(libc::EIO) => return lines,
            Err(error) => panic!("{error}"),
            Ok(_) if line.last() != Some(&b'\n') => return lines,
            Ok(_) => {}
        }
        if lines % 1000 == 0 {
            let object: serde_json::Value = serde_json::from_slice(&line).unwrap();
            assert_eq!(object["name"], "a name\nof two lines");
        }
        lines += 1;
    }
}

/// A pipe, and the path by which its writing end is opened.
fn pipe() -> (PipeReader, io::PipeWriter, String) {
    let (reader, writer) = io::pipe().unwrap();
    let path = format!("/proc/self/fd/{}", writer.as_raw_fd());
    (reader, writer, path)
}

fn a_full_disk(lines: u64) {
    let _alone = alone();
    let telemetry = started(LinesExporter::to_file("/dev/full"));
    flood(lines);
    let stats = lossy(&telemetry, PATIENCE);
    assert_eq!(settled(&stats, lines), 0);
    assert!(lost_for(&stats, LossCause::Failed) > 0, "{stats}");
}

/// Takes bytes as long as there is room, also a part of what it is given.
struct Disk {
    written: Arc<Mutex<Vec<u8>>>,
    room: usize,
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.room);
        if taken == 0 {
            return Err(ErrorKind::StorageFull.into());
        }
        self.room -= taken;
        self.written
            .lock()
            .unwrap()
            .extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn a_disk_that_becomes_full(lines: u64) {
    let _alone = alone();
    let written = Arc::default();
    let telemetry = started(LinesExporter::to_writer(Disk {
        written: Arc::clone(&written),
        room: 1_000_001,
    }));
    flood(lines);
    let stats = lossy(&telemetry, PATIENCE);
    let exported = settled(&stats, lines);
    assert_eq!(exported, whole_lines(&written.lock().unwrap()[..]));
    assert!(exported > 0, "{stats}");
}

fn a_pipe_that_is_closed(lines: u64) {
    let _alone = alone();
    let (reader, writer, path) = pipe();
    let telemetry = started(LinesExporter::to_file(path));
    drop(writer);
    let reading = thread::spawn(move || whole_lines(reader.take(1_000_000)));
    flood(lines);
    let read = reading.join().unwrap();
    // what comes now finds nobody
    flood(lines);
    let stats = lossy(&telemetry, PATIENCE);
    let exported = settled(&stats, 2 * lines);
    assert!((read..2 * lines).contains(&exported), "{stats}");
    assert!(lost_for(&stats, LossCause::Failed) > 0, "{stats}");
}

fn a_pipe_that_nobody_reads(lines: u64) {
    let _alone = alone();
    let (reader, writer, path) = pipe();
    let telemetry = started(LinesExporter::to_file(path).batch(small()));
    drop(writer);
    flood(lines);
    passed_on(&telemetry, lines);
    let stats = lossy(&telemetry, SHORT);
    let exported = settled(&stats, lines);
    // a line that a pipe has room for is written, and no other
    assert_eq!(whole_lines(reader), exported);
    assert!(exported > 0 && lost_for(&stats, LossCause::Shutdown) > 0);
}

/// A terminal: the end that shows what is written, and the path of the other end.
fn terminal() -> (File, OwnedFd, String) {
    let (mut shown, mut written) = (0, 0);
    let mut name = [0; 64];
    // SAFETY: both descriptors and the name, which has room, are written; nothing else is read.
    let result = unsafe {
        libc::openpty(
            &raw mut shown,
            &raw mut written,
            name.as_mut_ptr(),
            std::ptr::null(),
            std::ptr::null(),
        )
    };
    assert_eq!(result, 0, "{}", io::Error::last_os_error());
    let name: Vec<u8> = name
        .iter()
        .map(|byte| *byte as u8)
        .take_while(|it| *it != 0)
        .collect();
    // SAFETY: it was just opened, and belongs to nobody else.
    let shown = unsafe { File::from_raw_fd(shown) };
    // SAFETY: as above.
    let written = unsafe { OwnedFd::from_raw_fd(written) };
    (shown, written, String::from_utf8(name).unwrap())
}

/// Reads a little, and then rests.
struct Slow<R>(R);

impl<R: Read> Read for Slow<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        thread::sleep(Duration::from_micros(200));
        let most = bytes.len().min(1024);
        self.0.read(&mut bytes[..most])
    }
}

fn a_slow_terminal(lines: u64) {
    let _alone = alone();
    let (shown, written, path) = terminal();
    let exporter = LinesExporter::to_file(path)
        .form(LineForm::Json)
        .batch(small());
    let telemetry = started(exporter);
    let reading = thread::spawn(move || whole_lines(Slow(shown)));
    flood(lines);
    let stats = lossy(&telemetry, PATIENCE);
    drop(written);
    let exported = settled(&stats, lines);
    assert_eq!(reading.join().unwrap(), exported);
    assert!(exported > 0, "{stats}");
}

#[test]
fn on_a_full_disk_every_line_is_counted_as_lost() {
    a_full_disk(MANY);
}

#[test]
fn on_a_disk_that_becomes_full_the_lines_that_are_there_are_counted() {
    a_disk_that_becomes_full(MANY);
}

#[test]
fn into_a_pipe_that_is_closed_nothing_is_lost_uncounted() {
    a_pipe_that_is_closed(MANY);
}

#[test]
fn a_pipe_that_nobody_reads_holds_nobody_up() {
    a_pipe_that_nobody_reads(MANY);
}

#[test]
fn a_slow_terminal_shows_as_many_lines_as_were_counted() {
    a_slow_terminal(MANY);
}

#[test]
#[ignore = "takes a while: cargo xtask ci lines"]
fn ten_million_lines_on_a_full_disk() {
    a_full_disk(VERY_MANY);
    a_disk_that_becomes_full(VERY_MANY);
}

#[test]
#[ignore = "takes a while: cargo xtask ci lines"]
fn ten_million_lines_into_a_pipe_that_is_closed() {
    a_pipe_that_is_closed(VERY_MANY);
}

#[test]
#[ignore = "takes a while: cargo xtask ci lines"]
fn ten_million_lines_into_a_pipe_that_nobody_reads() {
    a_pipe_that_nobody_reads(VERY_MANY);
}

#[test]
#[ignore = "takes a while: cargo xtask ci lines"]
fn ten_million_lines_on_a_slow_terminal() {
    a_slow_terminal(VERY_MANY);
}

#[test]
fn a_writer_that_hangs_is_left_behind() {
    struct Hangs(mpsc::Receiver<()>);
    impl Write for Hangs {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let _alone = alone();
    let (let_go, hangs) = mpsc::channel();
    let telemetry = started(LinesExporter::to_writer(Hangs(hangs)).batch(small()));
    flood(MANY);
    let error = telemetry.flush(Duration::from_millis(100)).unwrap_err();
    assert!(is_under_way(error.stats()), "{}", error.stats());
    passed_on(&telemetry, MANY);
    let stats = lossy(&telemetry, SHORT);
    assert_eq!(settled(&stats, MANY), 0);
    assert!(lost_for(&stats, LossCause::Shutdown) > 0, "{stats}");
    drop(let_go);
}

fn is_under_way(stats: &Stats) -> bool {
    let report = report(stats);
    let lost: u64 = report.dropped_logs.iter().map(|(_, lost)| lost).sum();
    report.exported_logs + lost < stats.recorded_logs
}

#[test]
fn nothing_is_lost_where_callers_and_collector_may_wait() {
    let _alone = alone();
    let (reader, writer, path) = pipe();
    let patient = BatchConfig {
        max_wait: PATIENCE,
        ..small()
    };
    let config = Config::new()
        .diagnostics(None)
        .log_filter(LogFilter::new(Severity::INFO))
        .when_logs_overflow(PATIENCE)
        .with_exporter(LinesExporter::to_file(path).batch(patient));
    let telemetry = install(config).unwrap();
    drop(writer);
    let reading = thread::spawn(move || whole_lines(reader));
    flood(MANY);
    let stats = telemetry.shutdown(PATIENCE).unwrap();
    assert_eq!(settled(&stats, MANY), MANY);
    assert_eq!(reading.join().unwrap(), MANY);
}
