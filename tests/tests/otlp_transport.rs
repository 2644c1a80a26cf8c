//! The exporter with a transport of the test's own: no network, every answer chosen.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use otel_runtime::export::LossCause;
use otel_runtime::export::otlp::{
    Accepted, Failure, FailureKind, OtlpConfig, OtlpExporter, Transport,
};
use otelkit_tests::export::{Started, hasty};

/// Answers in turn, and counts the requests.
#[derive(Clone)]
struct Scripted(Arc<Mutex<Script>>);

struct Script {
    answers: Vec<Result<Accepted, Failure>>,
    bodies: Vec<Vec<u8>>,
}

impl Scripted {
    fn new(answers: Vec<Result<Accepted, Failure>>) -> Self {
        let bodies = Vec::new();
        Self(Arc::new(Mutex::new(Script { answers, bodies })))
    }

    fn start(&self) -> Started<OtlpExporter> {
        let config = OtlpConfig::new().retry(hasty()).diagnostics(false);
        Started::new(OtlpExporter::with_transport(config, self.clone()).unwrap())
    }

    fn bodies(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap().bodies.clone()
    }
}

impl Transport for Scripted {
    fn send(&mut self, body: &mut Vec<u8>, _deadline: Instant) -> Result<Accepted, Failure> {
        let mut script = self.0.lock().unwrap();
        script.bodies.push(body.clone());
        script.answers.remove(0)
    }
}

fn failure(kind: FailureKind) -> Result<Accepted, Failure> {
    Err(Failure::new(kind, "because"))
}

#[test]
fn every_kind_of_failure_has_its_consequence() {
    let transient = FailureKind::Transient { retry_after: None };
    for (kind, lost_for) in [
        (transient, None),
        (FailureKind::Unreachable, None),
        (FailureKind::Refused, Some(LossCause::Rejected)),
        (FailureKind::Broken, Some(LossCause::Failed)),
    ] {
        let transport = Scripted::new(vec![failure(kind), Ok(Accepted::default())]);
        let mut sent = transport.start();
        sent.export(3);
        match lost_for {
            None => {
                sent.flush().unwrap();
                assert_eq!(sent.counts(LossCause::Failed), (3, 0));
                let bodies = transport.bodies();
                assert_eq!(bodies.len(), 2);
                assert_eq!(bodies[0], bodies[1]);
            }
            Some(cause) => {
                sent.flush().unwrap_err();
                assert_eq!(sent.counts(cause), (0, 3));
                assert_eq!(transport.bodies().len(), 1);
            }
        }
    }
}

#[test]
fn a_receiver_cannot_reject_more_than_it_got() {
    let nonsense = Accepted {
        rejected: u64::MAX,
        message: String::new(),
    };
    let mut sent = Scripted::new(vec![Ok(nonsense)]).start();
    sent.export(3);
    sent.flush().unwrap_err();
    assert_eq!(sent.counts(LossCause::Rejected), (0, 3));
}

#[test]
fn a_transport_that_panics_costs_the_spans_and_no_more() {
    let mut sent = Scripted::new(Vec::new()).start();
    sent.export(3);
    assert_eq!(sent.flush().unwrap_err().pending, 3);
    sent.export(2);
    sent.flush().unwrap_err();
    sent.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(sent.stats.exported(), 0);
    assert_eq!(sent.stats.dropped_total(), 5);
}

#[test]
fn nothing_is_sent_when_there_is_nothing() {
    let transport = Scripted::new(Vec::new());
    let mut sent = transport.start();
    sent.flush().unwrap();
    sent.shutdown(Duration::from_secs(30)).unwrap();
    assert!(transport.bodies().is_empty());
    assert_eq!(sent.stats.dropped_total(), 0);
}
