//! Names, labels and descriptions that somebody else thought up are read by the parsers of others as
//! what they are, in both text formats; that Prometheus reads them in each format is shown beside.

use std::collections::BTreeMap;
use std::process::{Command, Output};

use otel_runtime::Resource;
use otel_runtime::export::prometheus::{Format, render};
use otel_runtime::metric::{
    AttributeValue, Attributes, Metric, MetricScope, Metrics, NumberValue, Points,
};
use otelkit_tests::checker::{judged, python};
use otelkit_tests::scraped::{counter, explicit, exponential, metric, number};
use proptest::prelude::*;

/// Texts made of what formats are made of. Long ones are shown beside: they would be repeated in each
/// bucket.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = [
        "\"", "\\", "\n", "\r", "\t", "\0", "{", "}", "=", ",", "#", " ", "# EOF", "le",
        "quantile", "total", "1", "_", ".", "-", ":", "a", "é", "😀", "\u{2028}", "\u{feff}",
        "\u{fffd}", "\u{7f}",
    ];
    let piece = prop::sample::select(pieces.to_vec());
    prop_oneof![
        12 => prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        1 => Just(not_text()),
    ]
}

/// The name of a file that is no text, as one shows it.
fn not_text() -> String {
    #[cfg(unix)]
    let name = {
        use std::os::unix::ffi::OsStrExt;
        std::ffi::OsStr::from_bytes(b"caf\xe9 \xff\"\\\n\xf0\x9f")
    };
    #[cfg(not(unix))]
    let name = std::ffi::OsStr::new("caf");
    name.display().to_string()
}

/// Everything of a metric that can be a text.
#[derive(Clone, Debug)]
struct Texts {
    name: String,
    unit: String,
    description: String,
    scope: String,
    key: String,
    value: String,
}

fn texts() -> impl Strategy<Value = Texts> {
    let unit = prop_oneof![Just("s".to_owned()), Just("{x}".to_owned()), hostile()];
    (hostile(), unit, hostile(), hostile(), hostile(), hostile()).prop_map(
        |(name, unit, description, scope, key, value)| Texts {
            name,
            unit,
            description,
            scope,
            key,
            value,
        },
    )
}

/// A metric of each kind in turn, with a label `v` to know it by.
fn made_of(index: usize, texts: &Texts) -> Metric {
    let plain = |monotonic| match monotonic {
        true => counter("", vec![number("", "", NumberValue::Int(7))]),
        false => metric(
            "",
            "",
            Points::Gauge(vec![number("", "", NumberValue::Double(-0.5))]),
        ),
    };
    let mut metric = match index % 4 {
        0 => plain(true),
        1 => plain(false),
        2 => explicit(),
        _ => exponential("", &[0.0, 0.25, 3.0]),
    };
    metric.name = format!("m{index}_{}", texts.name).into();
    metric.unit = texts.unit.clone().into();
    metric.description = texts.description.clone().into();
    metric.scope = MetricScope {
        name: texts.scope.clone().into(),
        version: texts.scope.clone().into(),
    };
    let text = |text: &str| AttributeValue::Str(text.to_owned().into());
    let attributes: Attributes = vec![
        ("v".into(), text(&texts.value)),
        // not `v` again, whatever comes
        (format!("k{}", texts.key).into(), text(&texts.key)),
    ];
    match &mut metric.points {
        Points::Sum { points, .. } | Points::Gauge(points) => points[0].attributes = attributes,
        Points::Histogram { points, .. } => points[0].attributes = attributes,
        Points::ExponentialHistogram { points, .. } => points[0].attributes = attributes,
    }
    metric
}

fn reading(texts: &[Texts]) -> (Metrics, Resource) {
    let list = texts.iter().enumerate();
    let list = list.map(|(index, texts)| made_of(index, texts)).collect();
    let mut resource = Resource::default();
    for (index, texts) in texts.iter().enumerate() {
        resource.set(format!("r{index}{}", texts.key), texts.value.clone());
    }
    (Metrics { list }, resource)
}

/// Which labels `v` the samples of each metric have, by its number.
fn parsed(mut python: Command, module: &str, body: &[u8]) -> BTreeMap<usize, Vec<String>> {
    let script = format!(
        "import json, re, sys\n\
         from prometheus_client.{module} import text_string_to_metric_families as parse\n\
         text = sys.stdin.buffer.read().decode()\n\
         samples = [s for family in parse(text) for s in family.samples]\n\
         samples = [s for s in samples if not s.name.startswith('target')]\n\
         number = lambda s: int(re.match('m([0-9]+)_', s.name)[1])\n\
         print(json.dumps([[number(s), s.labels['v']] for s in samples]))"
    );
    python.args(["-c", &script]);
    let output = judged("python", "cargo xtask test", python, body).expect("it was found");
    let samples: Vec<(usize, String)> = serde_json::from_slice(&accepted(output).stdout).unwrap();
    let mut labels: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (metric, label) in samples {
        labels.entry(metric).or_default().push(label);
    }
    labels
}

#[track_caller]
fn accepted(output: Output) -> Output {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    output
}

fn prop_labels_are(
    labels: &BTreeMap<usize, Vec<String>>,
    texts: &[Texts],
) -> Result<(), TestCaseError> {
    prop_assert!(
        labels.keys().copied().eq(0..texts.len()),
        "{:?}",
        labels.keys()
    );
    for (metric, labels) in labels {
        let expected = &texts[*metric].value;
        prop_assert!(
            labels.iter().all(|label| label == expected),
            "{:?} {:?}",
            labels,
            expected
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn prometheus_client_reads_every_text_in_openmetrics(texts in prop::collection::vec(texts(), 1..24)) {
        let Some(python) = python() else { return Ok(()) };
        let (metrics, resource) = reading(&texts);
        let body = render(&metrics, &resource, "", Format::OpenMetrics);
        prop_labels_are(&parsed(python, "openmetrics.parser", &body), &texts)?;
    }

    #[test]
    fn prometheus_client_reads_every_text_in_the_text_format(texts in prop::collection::vec(texts(), 1..24)) {
        let Some(python) = python() else { return Ok(()) };
        let (metrics, resource) = reading(&texts);
        let body = render(&metrics, &resource, "", Format::Text);
        prop_labels_are(&parsed(python, "parser", &body), &texts)?;
    }

    #[test]
    fn promtool_reads_every_text(texts in prop::collection::vec(texts(), 1..24)) {
        let (metrics, resource) = reading(&texts);
        let body = render(&metrics, &resource, "", Format::Text);
        let mut command = Command::new("promtool");
        command.args(["check", "metrics"]);
        let Some(output) = judged("promtool", "the Debian package prometheus", command, &body) else {
            return Ok(());
        };
        // 3: it can be read, and promtool would call something else than its author
        let said = String::from_utf8_lossy(&output.stderr);
        prop_assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said);
    }
}
