//! `OTEL_TRACES_EXPORTER`, `OTEL_METRICS_EXPORTER` and `OTEL_LOGS_EXPORTER`: which exporters are
//! asked for, and which of them there are.

use super::vars::{Choice, Reader};
use crate::config::error::ConfigProblem;

/// Which exporters this build offers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Features {
    pub(crate) otlp_http: bool,
    pub(crate) otlp_json: bool,
    pub(crate) otlp_grpc: bool,
    pub(crate) terminal: bool,
    pub(crate) lines: bool,
    pub(crate) prometheus: bool,
}

/// Where a signal goes if its variable, such as `OTEL_TRACES_EXPORTER`, is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultExporter {
    /// Over OTLP to this machine, as the specification says.
    Otlp,
    /// Over OTLP if an endpoint is set, else nowhere.
    OtlpIfAsked,
}

impl Features {
    /// Those of this build.
    pub(crate) const BUILT: Self = Self {
        otlp_http: cfg!(feature = "otlp-http"),
        otlp_json: cfg!(feature = "otlp-json"),
        otlp_grpc: cfg!(feature = "otlp-grpc"),
        terminal: cfg!(feature = "terminal"),
        lines: cfg!(feature = "lines"),
        prometheus: cfg!(feature = "prometheus"),
    };

    pub(super) const fn any_otlp(self) -> bool {
        self.otlp_http || self.otlp_json || self.otlp_grpc
    }
}

/// The features that bring the protocols of OTLP: protobuf and JSON over HTTP, and gRPC.
pub(super) const OTLP_FEATURES: [&str; 3] = ["otlp-http", "otlp-json", "otlp-grpc"];

/// What asks for the exporters of one signal.
#[derive(Debug)]
pub(super) struct Asking {
    exporter: &'static str,
    /// Who sets one of these asks for OTLP: the signal's own endpoint, and that of all signals.
    pub(super) endpoint: [&'static str; 2],
    /// Whether the signal can be asked for by others.
    has_prometheus: bool,
    /// Which feature writes it to the console.
    console: &'static str,
}

pub(super) static TRACES: Asking = Asking {
    exporter: "OTEL_TRACES_EXPORTER",
    endpoint: [
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    ],
    has_prometheus: false,
    console: "terminal",
};

pub(super) static METRICS: Asking = Asking {
    exporter: "OTEL_METRICS_EXPORTER",
    endpoint: [
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    ],
    has_prometheus: true,
    console: "terminal",
};

pub(super) static LOGS: Asking = Asking {
    exporter: "OTEL_LOGS_EXPORTER",
    endpoint: [
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    ],
    has_prometheus: false,
    console: "lines",
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exporter {
    Otlp,
    Console,
    Prometheus,
    None,
}

pub(super) fn read(
    reader: &mut Reader<'_>,
    asking: &'static Asking,
    features: Features,
    default: DefaultExporter,
) -> Vec<Exporter> {
    let Some(setting) = reader.setting(asking.exporter) else {
        return unset(reader, asking, features, default);
    };
    let mut chosen = Vec::new();
    let words = setting.text.split(',').map(str::trim);
    for word in words.filter(|word| !word.is_empty()) {
        let offer = |name, exporter, is_built, without: &dyn Fn() -> String| match is_built {
            true => Choice::Offered(name, exporter),
            false => Choice::Refused(name, without()),
        };
        let has_console = match asking.console {
            "lines" => features.lines,
            _ => features.terminal,
        };
        let mut choices = vec![
            offer(
                "otlp",
                Exporter::Otlp,
                features.any_otlp(),
                &otlp_without_feature,
            ),
            offer("console", Exporter::Console, has_console, &|| {
                without_feature(asking.console)
            }),
        ];
        if asking.has_prometheus {
            choices.push(offer(
                "prometheus",
                Exporter::Prometheus,
                features.prometheus,
                &|| without_feature("prometheus"),
            ));
        }
        choices.extend([
            Choice::Offered("none", Exporter::None),
            Choice::Refused("zipkin", "is not supported by OtelKit".to_owned()),
            Choice::Refused("otlp/stdout", "is not supported by OtelKit".to_owned()),
            Choice::Refused("logging", "is the old name of `console`".to_owned()),
        ]);
        chosen.extend(reader.choice(setting, word, choices));
    }
    if chosen.contains(&Exporter::None) && chosen.iter().any(|choice| *choice != Exporter::None) {
        reader.refuse(setting, "`none` cannot stand beside other exporters");
    }
    chosen
}

fn unset(
    reader: &mut Reader<'_>,
    asking: &Asking,
    features: Features,
    default: DefaultExporter,
) -> Vec<Exporter> {
    let asked = asking.endpoint.iter().any(|name| reader.is_set(name));
    let wanted = asked || default == DefaultExporter::Otlp;
    if asked && !features.any_otlp() {
        let reason = otlp_without_feature();
        if let Some(setting) = reader.first(&asking.endpoint) {
            let exporter = asking.exporter;
            let problem = format!("exporting over OTLP {reason}; or set {exporter}=none");
            reader
                .problems
                .push(ConfigProblem::new(setting.name, problem));
        }
    }
    match wanted && features.any_otlp() && !reader.is_set(asking.exporter) {
        true => vec![Exporter::Otlp],
        false => Vec::new(),
    }
}

fn otlp_without_feature() -> String {
    let [http, json, grpc] = OTLP_FEATURES;
    format!(
        "needs one of the features `{http}`, `{json}` and `{grpc}` of otel-runtime, \
         which this program was built without"
    )
}

pub(super) fn without_feature(feature: &str) -> String {
    format!("needs the feature `{feature}` of otel-runtime, which this program was built without")
}
