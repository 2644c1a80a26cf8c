//! What every operation tells of itself, whatever is done in whatever order: one span an operation,
//! complete, with its children, closed, and failed exactly if the operation failed.

mod support;

use otel_runtime::export::{Outcome, SpanData, StatusData, ValueData};
use otel_runtime::testing::{Capture, Spans};
use otel_runtime::{Classify as _, SpanKind};
use proptest::prelude::*;
use resource_api::model::ResourceId;
use resource_api::service::{Cascade, Resources, ServiceError, Update};
use resource_api::storage::Storage;
use support::{Done, Operation, describe, new, operation};

/// How an operation went.
type Outcomes = Result<Done, ServiceError>;

/// The attributes that its span must have.
fn attributes(operation: &Operation, outcome: &Outcomes) -> Vec<(&'static str, ValueData)> {
    let int = ValueData::Int;
    let text = |text: &str| ValueData::Str(text.into());
    let count = |count: &usize| int(*count as i64);
    let mut attributes = match operation {
        Operation::Create { name, dependencies } => vec![
            ("resource.name", text(name)),
            ("resource.version", text("1")),
            ("resource.origin", text("user")),
            ("dependency.count", count(&dependencies.len())),
        ],
        Operation::Update {
            id,
            name,
            dependencies,
        } => vec![
            ("resource.id", int(*id)),
            ("resource.name", text(name)),
            ("resource.version", text("1")),
            ("dependency.count", count(&dependencies.len())),
        ],
        Operation::Delete { id, .. } => vec![
            ("resource.id", int(*id)),
            ("cascade", text(operation.cascade().as_str())),
        ],
        Operation::Search {
            text: sought,
            limit,
        } => vec![
            ("search.text", text(sought)),
            ("search.limit", int(i64::from(*limit))),
        ],
        Operation::Get { id } | Operation::Dependencies { id } | Operation::Dependents { id } => {
            vec![("resource.id", int(*id))]
        }
        Operation::Cycles => Vec::new(),
    };
    match (operation, outcome) {
        (_, Ok(Done::Created(id))) => attributes.push(("resource.id", int(id.0))),
        (_, Ok(Done::Deleted(others))) => attributes.push(("cascade.size", count(others))),
        (Operation::Cycles, Ok(Done::Found(found))) => {
            attributes.push(("cycle.count", count(found)));
        }
        (_, Ok(Done::Found(found))) => attributes.push(("resource.count", count(found))),
        (_, Ok(Done::Nothing) | Err(_)) => {}
    }
    attributes
}

fn check(spans: &Spans, carried_out: &Operation, outcome: &Outcomes) -> Result<(), TestCaseError> {
    let attributes = attributes(carried_out, outcome);
    // one span an operation, and everything else below it
    let roots: Vec<&SpanData> = spans
        .iter()
        .filter(|span| spans.parent_of(span).is_none())
        .collect();
    prop_assert_eq!(roots.len(), 1, "{}", spans);
    let operation = roots[0];
    prop_assert_eq!(&operation.name, carried_out.name());
    prop_assert_eq!(operation.kind, SpanKind::Internal);
    prop_assert_eq!(&operation.scope_name, "resource-api");
    // its attributes, and no more than those and what a failure adds
    for (key, value) in &attributes {
        prop_assert_eq!(operation.attribute(key), Some(value), "{}", spans);
    }
    let is_failed = usize::from(outcome.is_err());
    let late = ["cascade.size"]
        .iter()
        .filter(|key| is_failed == 1 && operation.attribute(key).is_some());
    prop_assert_eq!(
        operation.attributes.len(),
        attributes.len() + 2 * is_failed + late.count(),
        "{}",
        spans
    );
    // failed exactly if the operation failed, with its reason and type
    match outcome {
        Ok(_) => {
            prop_assert_eq!(operation.outcome, Outcome::Ok);
            prop_assert_eq!(&operation.status, &StatusData::Unset);
            prop_assert_eq!(operation.events.len(), 0);
        }
        Err(error) => {
            prop_assert_eq!(operation.outcome, Outcome::Error);
            prop_assert_eq!(&operation.status, &StatusData::Error(error.to_string()));
            let error_type = ValueData::Str(error.classify().code.into());
            prop_assert_eq!(operation.attribute("error.type"), Some(&error_type));
            prop_assert_eq!(&operation.events[0].name, "exception");
        }
    }
    // closed, inside its parent, in the same trace
    for span in spans.iter() {
        prop_assert!(span.start_unix_ns <= span.end_unix_ns);
        prop_assert_eq!(span.trace_id, operation.trace_id);
        if let Some(parent) = spans.parent_of(span) {
            prop_assert!(parent.start_unix_ns <= span.start_unix_ns, "{}", spans);
            prop_assert!(span.end_unix_ns <= parent.end_unix_ns, "{}", spans);
        }
    }
    // validation comes first, and what it refuses never reaches the database
    let validation = spans
        .iter()
        .filter(|span| span.name.starts_with("validate_"));
    let storage: Vec<&SpanData> = spans
        .iter()
        .filter(|span| span.kind == SpanKind::Client)
        .collect();
    for span in validation {
        prop_assert_eq!(span.kind, SpanKind::Internal);
        prop_assert!(
            storage
                .iter()
                .all(|it| span.end_unix_ns <= it.start_unix_ns),
            "{}",
            spans
        );
    }
    let is_refused = matches!(outcome, Err(ServiceError::Validation(_)));
    prop_assert_eq!(storage.is_empty(), is_refused, "{}", spans);
    // each statement once, named after what it does, and without values
    for span in storage {
        let text = |key: &str| match span.attribute(key) {
            Some(ValueData::Str(text)) => text.to_string(),
            _ => String::new(),
        };
        prop_assert_eq!(text("db.system.name"), "sqlite");
        prop_assert_eq!(text("db.query.summary"), &*span.name);
        let operation = text("db.operation.name");
        prop_assert!(
            span.name.starts_with(&operation) && !operation.is_empty(),
            "{}",
            spans
        );
        let statement = text("db.query.text");
        prop_assert!(
            !statement.is_empty() && !statement.contains('\''),
            "{}",
            spans
        );
        prop_assert!(spans.children_of(span).next().is_none(), "{}", spans);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_operation_tells_what_it_did(operations in prop::collection::vec(operation(), 1..16)) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let directory = tempfile::tempdir().unwrap();
            let storage = Storage::open(&directory.path().join("test.db").into()).await.unwrap();
            let resources = Resources::new(storage);
            for operation in &operations {
                let capture = Capture::start();
                let outcome = operation.carry_out(&resources).await;
                check(&capture.finish(), operation, &outcome)?;
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}

#[tokio::test]
async fn an_update_is_validated_then_written_in_one_transaction() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().join("test.db").into())
        .await
        .unwrap();
    let resources = Resources::new(storage);
    let id = resources.create(new("a", &[])).await.unwrap().id;
    let capture = Capture::start();
    let update = Update {
        description: describe("b"),
        dependencies: vec![id],
    };
    resources.update(id, &update).await.unwrap();
    let spans = capture.finish();
    let names: Vec<&str> = spans
        .children_of(spans.named("Resources::update"))
        .map(|span| &*span.name)
        .collect();
    assert_eq!(
        names,
        [
            "validate_description",
            "validate_dependencies",
            "BEGIN",
            "UPDATE resource",
            "DELETE dependency",
            "INSERT dependency SELECT",
            "COMMIT",
        ]
    );
}

#[tokio::test]
async fn an_operation_that_is_dropped_half_way_is_cancelled_with_all_it_was_doing() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().join("test.db").into())
        .await
        .unwrap();
    let lock = storage.begin().await.unwrap();
    let resources = Resources::new(storage);
    let capture = Capture::start();
    let delete = resources.delete(ResourceId(1), Cascade::Refuse);
    let outcome = tokio::time::timeout(std::time::Duration::from_millis(20), delete).await;
    assert!(outcome.is_err());
    let spans = capture.finish();
    for name in ["Resources::delete", "BEGIN"] {
        assert_eq!(spans.named(name).outcome, Outcome::Cancelled, "{spans}");
    }
    drop(lock);
}
