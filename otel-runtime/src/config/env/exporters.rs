//! `OTEL_TRACES_EXPORTER`: which exporters are asked for, and which of them there are.

use super::vars::{Choice, Reader};
use crate::config::error::ConfigProblem;

/// Which exporters this build offers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Features {
    pub(crate) otlp_http: bool,
    pub(crate) otlp_json: bool,
    pub(crate) otlp_grpc: bool,
    pub(crate) terminal: bool,
}

/// Where spans go if `OTEL_TRACES_EXPORTER` is not set.
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
    };

    pub(super) const fn any_otlp(self) -> bool {
        self.otlp_http || self.otlp_json || self.otlp_grpc
    }
}

/// The features that bring the protocols of OTLP: protobuf and JSON over HTTP, and gRPC.
pub(super) const OTLP_FEATURES: [&str; 3] = ["otlp-http", "otlp-json", "otlp-grpc"];

/// Who sets one of these asks for OTLP.
pub(super) const ENDPOINT: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exporter {
    Otlp,
    Console,
    None,
}

pub(super) fn read(
    reader: &mut Reader<'_>,
    features: Features,
    default: DefaultExporter,
) -> Vec<Exporter> {
    const EXPORTER: &str = "OTEL_TRACES_EXPORTER";
    let Some(setting) = reader.setting(EXPORTER) else {
        let asked = ENDPOINT.iter().any(|name| reader.is_set(name));
        let wanted = asked || default == DefaultExporter::Otlp;
        // the default gives way to what was built, but an endpoint is a wish
        if asked && !features.any_otlp() {
            let reason = otlp_without_feature();
            if let Some(setting) = reader.first(&ENDPOINT) {
                let problem = format!("exporting over OTLP {reason}; or set {EXPORTER}=none");
                reader
                    .problems
                    .push(ConfigProblem::new(setting.name, problem));
            }
        }
        return match wanted && features.any_otlp() && !reader.is_set(EXPORTER) {
            true => vec![Exporter::Otlp],
            false => Vec::new(),
        };
    };
    let mut chosen = Vec::new();
    let words = setting.text.split(',').map(str::trim);
    for word in words.filter(|word| !word.is_empty()) {
        let otlp = match features.any_otlp() {
            true => Choice::Offered("otlp", Exporter::Otlp),
            false => Choice::Refused("otlp", otlp_without_feature()),
        };
        let console = match features.terminal {
            true => Choice::Offered("console", Exporter::Console),
            false => Choice::Refused("console", without_feature("terminal")),
        };
        let choices = [
            otlp,
            console,
            Choice::Offered("none", Exporter::None),
            Choice::Refused("zipkin", "is not supported by OtelKit".to_owned()),
            Choice::Refused("otlp/stdout", "is not supported by OtelKit".to_owned()),
            Choice::Refused("logging", "is the old name of `console`".to_owned()),
        ];
        chosen.extend(reader.choice(setting, word, choices));
    }
    if chosen.contains(&Exporter::None) && chosen.iter().any(|choice| *choice != Exporter::None) {
        reader.refuse(setting, "`none` cannot stand beside other exporters");
    }
    chosen
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
