//! What every operation tells of itself, whatever is done in whatever order: one span an operation,
//! complete, with its children, closed, and failed exactly if the operation failed.

use otel_runtime::export::{Outcome, SpanData, StatusData, ValueData};
use otel_runtime::testing::{Capture, Spans};
use otel_runtime::{Classify as _, SpanKind};
use proptest::prelude::*;
use resource_api::model::{Description, Origin, ResourceId, ResourceKey};
use resource_api::service::{Cascade, NewResource, Resources, ServiceError, Update};
use resource_api::storage::Storage;

/// An operation on resources that may exist or not, with values that may be accepted or not.
#[derive(Clone, Debug)]
enum Operation {
    Create {
        name: String,
        dependencies: Vec<i64>,
    },
    Get {
        id: i64,
    },
    Update {
        id: i64,
        name: String,
        dependencies: Vec<i64>,
    },
    Delete {
        id: i64,
        everything: bool,
    },
    Search {
        text: String,
        limit: u32,
    },
    Dependencies {
        id: i64,
    },
    Dependents {
        id: i64,
    },
    Cycles,
}

fn operation() -> impl Strategy<Value = Operation> {
    let id = || 1_i64..8;
    let name = || prop_oneof![4 => "[a-e]", 1 => Just(String::new()), 1 => Just("a\nb".to_owned())];
    let dependencies = || prop::collection::vec(1_i64..8, 0..3);
    prop_oneof![
        4 => (name(), dependencies())
            .prop_map(|(name, dependencies)| Operation::Create { name, dependencies }),
        1 => id().prop_map(|id| Operation::Get { id }),
        2 => (id(), name(), dependencies())
            .prop_map(|(id, name, dependencies)| Operation::Update { id, name, dependencies }),
        1 => (id(), any::<bool>())
            .prop_map(|(id, everything)| Operation::Delete { id, everything }),
        1 => (name(), 0_u32..3).prop_map(|(text, limit)| Operation::Search { text, limit }),
        1 => id().prop_map(|id| Operation::Dependencies { id }),
        1 => id().prop_map(|id| Operation::Dependents { id }),
        1 => Just(Operation::Cycles),
    ]
}

fn describe(name: &str) -> Description {
    Description {
        key: ResourceKey {
            name: name.into(),
            version: "1".into(),
            source: String::new(),
        },
        checksum: None,
    }
}

fn ids(numbers: &[i64]) -> Vec<ResourceId> {
    numbers.iter().copied().map(ResourceId).collect()
}

/// The span's name, the attributes it must have, and how it went.
type Expectation = (
    &'static str,
    Vec<(&'static str, ValueData)>,
    Result<(), ServiceError>,
);

async fn carry_out(resources: &Resources, operation: &Operation) -> Expectation {
    let int = ValueData::Int;
    let text = |text: &str| ValueData::Str(text.into());
    match operation {
        Operation::Create { name, dependencies } => {
            let outcome = resources
                .create(NewResource {
                    description: describe(name),
                    origin: Origin::User,
                    dependencies: ids(dependencies),
                    dependents: Vec::new(),
                    depends_on_itself: false,
                })
                .await;
            let mut attributes = vec![
                ("resource.name", text(name)),
                ("resource.version", text("1")),
                ("resource.origin", text("user")),
                ("dependency.count", int(dependencies.len() as i64)),
            ];
            attributes.extend(
                outcome
                    .iter()
                    .map(|created| ("resource.id", int(created.id.0))),
            );
            ("Resources::create", attributes, outcome.map(drop))
        }
        Operation::Get { id } => {
            let outcome = resources.get(ResourceId(*id)).await;
            (
                "Resources::get",
                vec![("resource.id", int(*id))],
                outcome.map(drop),
            )
        }
        Operation::Update {
            id,
            name,
            dependencies,
        } => {
            let update = Update {
                description: describe(name),
                dependencies: ids(dependencies),
            };
            let outcome = resources.update(ResourceId(*id), &update).await;
            let attributes = vec![
                ("resource.id", int(*id)),
                ("resource.name", text(name)),
                ("resource.version", text("1")),
                ("dependency.count", int(dependencies.len() as i64)),
            ];
            ("Resources::update", attributes, outcome)
        }
        Operation::Delete { id, everything } => {
            let cascade = if *everything {
                Cascade::Everything
            } else {
                Cascade::Refuse
            };
            let outcome = resources.delete(ResourceId(*id), cascade).await;
            let mut attributes = vec![
                ("resource.id", int(*id)),
                ("cascade", text(cascade.as_str())),
            ];
            attributes.extend(
                outcome
                    .iter()
                    .map(|it| ("cascade.size", int(it.cascaded() as i64))),
            );
            ("Resources::delete", attributes, outcome.map(drop))
        }
        Operation::Search {
            text: sought,
            limit,
        } => {
            let outcome = resources.search(sought, *limit).await;
            let mut attributes = vec![
                ("search.text", text(sought)),
                ("search.limit", int(i64::from(*limit))),
            ];
            attributes.extend(
                outcome
                    .iter()
                    .map(|it| ("resource.count", int(it.len() as i64))),
            );
            ("Resources::search", attributes, outcome.map(drop))
        }
        Operation::Dependencies { id } => {
            let outcome = resources.dependencies(ResourceId(*id)).await;
            let mut attributes = vec![("resource.id", int(*id))];
            attributes.extend(
                outcome
                    .iter()
                    .map(|it| ("resource.count", int(it.len() as i64))),
            );
            ("Resources::dependencies", attributes, outcome.map(drop))
        }
        Operation::Dependents { id } => {
            let outcome = resources.dependents(ResourceId(*id)).await;
            let mut attributes = vec![("resource.id", int(*id))];
            attributes.extend(
                outcome
                    .iter()
                    .map(|it| ("resource.count", int(it.len() as i64))),
            );
            ("Resources::dependents", attributes, outcome.map(drop))
        }
        Operation::Cycles => {
            let outcome = resources.cycles().await;
            let count = outcome
                .iter()
                .map(|it| ("cycle.count", int(it.len() as i64)))
                .collect();
            ("Resources::cycles", count, outcome.map(drop))
        }
    }
}

fn check(spans: &Spans, expectation: &Expectation) -> Result<(), TestCaseError> {
    let (name, attributes, outcome) = expectation;
    // one span an operation, and everything else below it
    let roots: Vec<&SpanData> = spans
        .iter()
        .filter(|span| spans.parent_of(span).is_none())
        .collect();
    prop_assert_eq!(roots.len(), 1, "{}", spans);
    let operation = roots[0];
    prop_assert_eq!(&operation.name, name);
    prop_assert_eq!(operation.kind, SpanKind::Internal);
    prop_assert_eq!(&operation.scope_name, "resource-api");
    // its attributes, and no more than those and what a failure adds
    for (key, value) in attributes {
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
        Ok(()) => {
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
        .filter(|span| span.name.starts_with("Storage::") || span.name.starts_with("Transaction::"))
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
    for span in storage {
        prop_assert_eq!(span.kind, SpanKind::Client);
        prop_assert_eq!(
            span.attribute("db.system.name"),
            Some(&ValueData::Str("sqlite".into()))
        );
        prop_assert!(span.attribute("db.operation.name").is_some());
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
            let storage = Storage::open(&directory.path().join("test.db")).await.unwrap();
            let resources = Resources::new(storage);
            for operation in &operations {
                let capture = Capture::start();
                let expectation = carry_out(&resources, operation).await;
                check(&capture.finish(), &expectation)?;
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}

#[tokio::test]
async fn an_update_is_validated_then_written_in_one_transaction() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().join("test.db"))
        .await
        .unwrap();
    let resources = Resources::new(storage);
    let new = NewResource {
        description: describe("a"),
        origin: Origin::User,
        dependencies: Vec::new(),
        dependents: Vec::new(),
        depends_on_itself: false,
    };
    let id = resources.create(new).await.unwrap().id;
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
            "Storage::begin",
            "Transaction::update_resource",
            "Transaction::delete_dependencies",
            "Transaction::insert_dependencies",
            "Transaction::commit",
        ]
    );
}

#[tokio::test]
async fn an_operation_that_is_dropped_half_way_is_cancelled_with_all_it_was_doing() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().join("test.db"))
        .await
        .unwrap();
    let lock = storage.begin().await.unwrap();
    let resources = Resources::new(storage);
    let capture = Capture::start();
    let delete = resources.delete(ResourceId(1), Cascade::Refuse);
    let outcome = tokio::time::timeout(std::time::Duration::from_millis(20), delete).await;
    assert!(outcome.is_err());
    let spans = capture.finish();
    for name in ["Resources::delete", "Storage::begin"] {
        assert_eq!(spans.named(name).outcome, Outcome::Cancelled, "{spans}");
    }
    drop(lock);
}
