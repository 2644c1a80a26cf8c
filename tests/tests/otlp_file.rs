//! OTLP-JSON lines in files that can be written to, and in some that cannot.

use std::fs;
use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use otel_runtime::Resource;
use otel_runtime::export::file::FileExporter;
use otel_runtime::export::otlp::BatchConfig;
use otel_runtime::export::{Exporter, ExporterStats, LossCause};
use otelkit_tests::export::Started;
use otelkit_tests::metrics::orders;

fn spans_in(line: &str) -> usize {
    let request: ExportTraceServiceRequest = serde_json::from_str(line).expect("OTLP/JSON");
    request.resource_spans[0].scope_spans[0].spans.len()
}

#[test]
fn each_batch_is_a_line_and_a_second_run_appends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.jsonl");
    for _ in 0..2 {
        let mut written = Started::new(FileExporter::new(&path));
        written.export(3);
        written.flush().unwrap();
        written.export(2);
        written.shutdown(Duration::from_secs(30)).unwrap();
        assert_eq!(written.counts(LossCause::Failed), (5, 0));
    }
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().map(spans_in).collect();
    assert_eq!(lines, [3, 2, 3, 2]);
    assert!(text.ends_with('\n'));
}

#[test]
fn a_reading_of_metrics_is_a_line_beside_those_of_spans() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("telemetry.jsonl");
    let mut written = Started::new(FileExporter::new(&path));
    written.export(3);
    written.exporter.metrics(&orders(7));
    written.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(written.counts(LossCause::Failed), (3, 0));
    assert_eq!(written.stats.exported_points(), 1);
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_by_key(|line| !line.starts_with("{\"resourceSpans\""));
    let [spans, metrics] = lines[..] else {
        panic!("{text}");
    };
    assert_eq!(spans_in(spans), 3);
    let metrics: ExportMetricsServiceRequest = serde_json::from_str(metrics).expect("OTLP/JSON");
    let metric = &metrics.resource_metrics[0].scope_metrics[0].metrics[0];
    assert_eq!(metric.name, "shop.orders");
}

#[test]
fn a_file_that_cannot_be_opened_is_named_at_the_start() {
    let mut exporter = FileExporter::new("/nowhere/at/all.jsonl");
    let error = exporter
        .start(&Resource::default(), Arc::new(ExporterStats::default()))
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("exporter `file` cannot start: cannot open `/nowhere/at/all.jsonl`: "),
        "{text}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_costs_the_spans() {
    let mut written = Started::new(FileExporter::new("/dev/full"));
    written.export(3);
    let error = written.flush().unwrap_err();
    assert_eq!(error.pending, 3);
    assert_eq!(written.counts(LossCause::Failed), (0, 3));
}

#[test]
fn a_line_cut_by_a_full_disk_does_not_spoil_the_next() {
    /// Has room for so many bytes; more room can be made.
    #[derive(Clone)]
    struct Disk(Arc<Mutex<(usize, Vec<u8>)>>);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let (room, content) = &mut *self.0.lock().unwrap();
            let len = bytes.len().min(*room);
            if len == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            *room -= len;
            content.extend_from_slice(&bytes[..len]);
            Ok(len)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let disk = Disk(Arc::new(Mutex::new((100, Vec::new()))));
    let mut written = Started::new(FileExporter::to_writer(disk.clone()));
    written.export(1);
    written.flush().unwrap_err();
    disk.0.lock().unwrap().0 = usize::MAX;
    written.export(2);
    written.flush().unwrap();
    assert_eq!(written.counts(LossCause::Failed), (2, 1));
    let text = String::from_utf8(disk.0.lock().unwrap().1.clone()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((lines[0].len(), lines.len()), (100, 2));
    assert_eq!(spans_in(lines[1]), 2);
}

#[test]
fn a_writer_that_hangs_holds_nobody_up() {
    struct Stuck(Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let (_let_go, wait) = mpsc::channel();
    let batch = BatchConfig {
        max_export_batch_size: 1,
        max_queue_bytes: 2_000,
        ..BatchConfig::default()
    };
    let mut written = Started::new(FileExporter::to_writer(Stuck(wait)).batch(batch));
    written.export(1_000);
    written.shutdown(Duration::from_millis(50)).unwrap_err();
    let shutdown = written.stats.dropped(LossCause::Shutdown);
    assert!((1..10).contains(&shutdown), "{shutdown}");
    assert_eq!(
        written.stats.dropped(LossCause::QueueFull),
        1_000 - shutdown
    );
}
