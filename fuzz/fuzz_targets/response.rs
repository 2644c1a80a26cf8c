//! Whatever a receiver answers is read without a panic, and what OTLP's own types write is read as
//! they mean it.
#![no_main]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};
use otel_runtime::export::otlp::Accepted;
use otel_runtime::export::otlp::fuzzed_response as ours;
use prost::Message;
use serde_json::{Value, json};

/// No text of a receiver is shown at greater length, cut marks included.
const LONGEST_CHARS: usize = 202;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    bytes: &'a [u8],
    header: &'a str,
    rejected: u64,
    message: &'a str,
    as_number: bool,
    unknown: &'a [u8],
    wait: Option<Duration>,
}

fuzz_target!(|input: Input<'_>| {
    anything(&input);
    partial_success(&input);
    status(&input);
    retry_after(&input);
});

/// Bytes and texts that nobody made on purpose.
fn anything(input: &Input<'_>) {
    let read = [
        ours::accepted_protobuf(input.bytes),
        ours::accepted_json(input.bytes),
    ];
    read.iter()
        .flatten()
        .for_each(|it| assert_shown(&it.message));
    if let Some(message) = ours::status_message(input.bytes) {
        assert_shown(&message);
    }
    let _ = ours::retry_delay(input.bytes);
    let _ = ours::retry_after(input.header, UNIX_EPOCH);
    // what OTLP's types can read, so can we, and find the same
    if let Ok(theirs) = ExportTraceServiceResponse::decode(input.bytes) {
        let theirs = theirs.partial_success.unwrap_or_default();
        match ours::accepted_protobuf(input.bytes) {
            Some(accepted) => assert_same(&accepted, &theirs),
            None => assert!(theirs.rejected_spans < 0 || holds_groups(input.bytes)),
        }
    }
}

fn partial_success(input: &Input<'_>) {
    let theirs = ExportTracePartialSuccess {
        rejected_spans: (input.rejected >> 1) as i64,
        error_message: input.message.to_owned(),
    };
    let response = ExportTraceServiceResponse {
        partial_success: Some(theirs.clone()),
    };
    let accepted = ours::accepted_protobuf(&response.encode_to_vec()).expect("protobuf");
    assert_same(&accepted, &theirs);

    let rejected = match input.as_number {
        true => json!(theirs.rejected_spans),
        false => json!(theirs.rejected_spans.to_string()),
    };
    let unknown: Value = serde_json::from_slice(input.unknown).unwrap_or_default();
    if depth(&unknown) > 20 {
        return; // given up on purpose
    }
    let document = json!({
        "a": unknown,
        "partialSuccess": {"a": unknown, "rejectedSpans": rejected, "errorMessage": input.message},
        "z": unknown,
    });
    let accepted = ours::accepted_json(document.to_string().as_bytes()).expect("JSON");
    assert_same(&accepted, &theirs);
}

#[derive(Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

#[derive(Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

#[derive(Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<Delay>,
}

#[derive(Message)]
struct Delay {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

fn status(input: &Input<'_>) {
    // a longer wait is cut
    let wait = input.wait.filter(|wait| wait.as_secs() <= 1 << 32);
    let retry_delay = wait.map(|wait| Delay {
        seconds: wait.as_secs() as i64,
        nanos: wait.subsec_nanos() as i32,
    });
    let other = Any {
        type_url: "type.googleapis.com/google.rpc.DebugInfo".to_owned(),
        value: input.unknown.to_vec(),
    };
    let retry_info = Any {
        type_url: "type.googleapis.com/google.rpc.RetryInfo".to_owned(),
        value: RetryInfo { retry_delay }.encode_to_vec(),
    };
    let status = Status {
        code: 14,
        message: input.message.to_owned(),
        details: vec![other, retry_info],
    };
    let bytes = status.encode_to_vec();
    assert_eq!(ours::retry_delay(&bytes), Some(wait.unwrap_or_default()));
    let message = ours::status_message(&bytes).unwrap_or_default();
    assert_text(&message, input.message);
}

fn retry_after(input: &Input<'_>) {
    // dates have four digits for the year, and no parts of seconds
    let second = input.rejected % 253_402_300_800;
    let at = UNIX_EPOCH + Duration::from_secs(second);
    let read = |now: SystemTime| ours::retry_after(&httpdate::fmt_http_date(at), now);
    assert_eq!(read(UNIX_EPOCH), Some(Duration::from_secs(second)));
    assert_eq!(read(at), Some(Duration::ZERO));
    let seconds = input.rejected.to_string();
    let wait = ours::retry_after(&seconds, UNIX_EPOCH);
    assert_eq!(wait, Some(Duration::from_secs(input.rejected)));
}

fn assert_same(ours: &Accepted, theirs: &ExportTracePartialSuccess) {
    assert_eq!(u64::try_from(theirs.rejected_spans), Ok(ours.rejected));
    assert_text(&ours.message, &theirs.error_message);
}

/// `shown` is what may be shown of `text`.
fn assert_text(shown: &str, text: &str) {
    assert_shown(shown);
    let is_plain = text.trim() == text && !text.contains(char::is_control);
    if is_plain && text.chars().count() < LONGEST_CHARS - 2 {
        assert_eq!(shown, text);
    }
}

fn assert_shown(text: &str) {
    assert!(text.chars().count() <= LONGEST_CHARS, "{text:?}");
    assert!(!text.contains(char::is_control), "{text:?}");
}

/// Groups are of an older protobuf than OTLP's, and refused.
fn holds_groups(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| matches!(byte & 7, 3 | 4))
}

fn depth(value: &Value) -> usize {
    let below = |values: &mut dyn Iterator<Item = &Value>| values.map(depth).max().unwrap_or(0);
    match value {
        Value::Array(values) => 1 + below(&mut values.iter()),
        Value::Object(members) => 1 + below(&mut members.values()),
        _ => 0,
    }
}
