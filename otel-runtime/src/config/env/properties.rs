use proptest::prelude::*;

use super::names::READ;
use super::*;

/// A variable that is read, with a value made of pieces that mean something somewhere.
fn variable() -> impl Strategy<Value = (String, String)> {
    let piece = prop_oneof![
        Just("otlp"),
        Just("none"),
        Just("console"),
        Just("grpc"),
        Just("http/json"),
        Just("traceidratio"),
        Just("gzip"),
        Just("true"),
        Just("http://"),
        Just("localhost"),
        Just(":4318"),
        Just("[::1]"),
        Just("@"),
        Just("/"),
        Just("?"),
        Just("%"),
        Just("%41"),
        Just("%ff"),
        Just("="),
        Just(","),
        Just(" "),
        Just("0.5"),
        Just("1"),
        Just("-"),
        Just("ü"),
        Just("\n"),
        Just("99999999999"),
    ];
    let built = prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat());
    let value = prop_oneof![built, any::<String>()];
    (prop::sample::select(READ).prop_map(str::to_owned), value)
}

fn features() -> impl Strategy<Value = Features> {
    any::<[bool; 6]>().prop_map(
        |[otlp_http, otlp_json, otlp_grpc, terminal, lines, prometheus]| Features {
            otlp_http,
            otlp_json,
            otlp_grpc,
            terminal,
            lines,
            prometheus,
        },
    )
}

proptest! {
    #[test]
    fn any_environment_gives_settings_or_problems_that_name_its_variables(
        vars in prop::collection::vec(variable(), 0..8),
        features in features(),
    ) {
        let vars = Vars::from_pairs(vars);
        match parse(&vars, features, DefaultExporter::Otlp) {
            Ok(settings) => prop_assert!(settings.otlp.is_none() || features.any_otlp()),
            Err(error) => {
                prop_assert!(!error.problems().is_empty());
                for problem in error.problems() {
                    prop_assert!(vars.names().any(|name| name == problem.key()), "{problem}");
                }
            }
        }
    }

    #[test]
    fn any_name_is_accepted_or_refused_without_a_panic(
        name in "OTEL_[A-Z_]{0,40}",
        value in any::<String>(),
    ) {
        let _ = parse(&Vars::from_pairs([(name, value)]), Features::BUILT, DefaultExporter::Otlp);
    }

    #[test]
    fn an_accepted_endpoint_is_a_url_with_a_host(text in ".{0,40}") {
        let vars = Vars::from_pairs([("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{text}"))]);
        let features = Features { otlp_http: true, ..Features::BUILT };
        if let Ok(settings) = parse(&vars, features, DefaultExporter::Otlp) {
            let target = settings.otlp.unwrap().into_config().target(crate::stats::Signal::Spans);
            let label = target.unwrap().label().to_owned();
            prop_assert!(label.starts_with("http://"));
            prop_assert!(!label.starts_with("http:///"));
            prop_assert!(label.bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }
}
