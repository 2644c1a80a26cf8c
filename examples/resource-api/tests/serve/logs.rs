//! What `serve --log json` writes, as a program that reads its output sees it.

use serde_json::Value;

use crate::ends::{BODY, Serving};

#[test]
fn every_line_is_json_and_those_of_a_request_carry_its_trace() {
    let serving = Serving::start(|command| {
        command.args(["--log", "json", "--log-filter", "info,resource_api=debug"]);
    });
    let trace_id = "0af7651916cd43dd8448eb211c80319c";
    let caller = format!("traceparent: 00-{trace_id}-b7ad6b7169203331-01\r\n");
    let answer = serving.ask(&caller, BODY);
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    let refused = serving.ask(&caller, BODY);
    assert!(
        refused.starts_with("HTTP/1.1 409 Conflict\r\n"),
        "{refused}"
    );
    serving.program.signal("TERM");
    let run = serving.program.end();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|it| panic!("{it}: {line}")))
        .collect();
    let of_requests = lines.iter().filter(|line| line["trace_id"] == trace_id);
    let told: Vec<_> = of_requests
        .map(|line| (line["severity"].as_str(), line["message"].as_str()))
        .collect();
    let (info, debug, warn) = (Some("INFO"), Some("DEBUG"), Some("WARN"));
    assert_eq!(
        told,
        [
            (info, Some("Resources::create started")),
            (debug, Some("the resource and its edges are written")),
            (info, Some("Resources::create completed")),
            (info, Some("Resources::create started")),
            (
                warn,
                Some("Resources::create failed: `a 1.0.0` exists already")
            ),
        ],
        "{lines:#?}"
    );
}

#[test]
fn a_filter_that_cannot_be_read_names_what_is_wrong() {
    let workplace = crate::support::Workplace::new();
    let run = workplace.run(&["serve", "--log-filter", "info,sqlx=wran"]);
    assert_eq!(run.code, Some(2));
    let expected = "`sqlx=wran`: expected `trace`, `debug`, `info`, `warn`";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
}
