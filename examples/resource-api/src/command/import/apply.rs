//! Carries out a plan: one transaction a package.

use std::collections::{HashMap, HashSet};

use otel_runtime::traced;

use super::plan::{Action, Plan};
use crate::command::Progress;
use crate::lockfile::Lockfile;
use crate::model::{Origin, ResourceId};
use crate::service::{Cascade, NewResource, Resources, ServiceError, Update};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New resources.
    pub created: usize,
    /// Resources that say something else now, or have other dependencies.
    pub updated: usize,
    /// Resources that were as they should be.
    pub unchanged: usize,
    /// Resources whose package is no longer in the lock file.
    pub removed: usize,
    /// Resources whose package is no longer in the lock file, but which somebody's own resources
    /// depend on.
    pub kept: usize,
}

/// The package at fault, if it was one, and what happened.
type Failure = (Option<usize>, ServiceError);

/// Carries out the plan, and says which resource each package is.
#[traced(name = "apply_plan")]
pub(super) async fn apply(
    resources: &Resources,
    lockfile: &Lockfile,
    plan: &Plan,
    progress: &Progress,
) -> Result<(Counts, Vec<ResourceId>), Failure> {
    let mut counts = Counts::default();
    let mut written = Written::new(plan);
    for &(index, action) in &plan.steps {
        progress.step(&lockfile.packages[index].description.key.name);
        match action {
            Action::Create => counts.created += 1,
            Action::Update(_) => counts.updated += 1,
            Action::Keep(_) => counts.unchanged += 1,
        }
        import_package(resources, lockfile, index, action, &mut written)
            .await
            .map_err(|error| (Some(index), error))?;
    }
    remove_vanished(resources, &plan.vanished, &mut counts)
        .await
        .map_err(|error| (None, error))?;
    let ids = written.ids.into_iter().flatten().collect();
    Ok((counts, ids))
}

/// How far it is: an edge is written together with the later of its two ends.
struct Written {
    /// Which resource each package is, as far as it exists.
    ids: Vec<Option<ResourceId>>,
    /// Resources that need a package which does not exist yet.
    waiting: HashMap<usize, Vec<ResourceId>>,
}

impl Written {
    fn new(plan: &Plan) -> Self {
        let mut ids = vec![None; plan.steps.len()];
        for (index, action) in &plan.steps {
            ids[*index] = action.id();
        }
        Self {
            ids,
            waiting: HashMap::new(),
        }
    }
}

#[traced(fields(package.name = lockfile.packages[index].description.key.name, action = action.as_str()))]
async fn import_package(
    resources: &Resources,
    lockfile: &Lockfile,
    index: usize,
    action: Action,
    written: &mut Written,
) -> Result<(), ServiceError> {
    let package = &lockfile.packages[index];
    let description = package.description.clone();
    let (mut dependencies, mut awaited) = (Vec::new(), Vec::new());
    for &dependency in &package.dependencies {
        match written.ids[dependency] {
            Some(id) => dependencies.push(id),
            None if dependency != index => awaited.push(dependency),
            None => {}
        }
    }
    let id = match action {
        Action::Keep(_) => return Ok(()),
        Action::Update(id) => {
            resources
                .update(
                    id,
                    &Update {
                        description,
                        dependencies,
                    },
                )
                .await?;
            id
        }
        Action::Create => {
            let new = NewResource {
                description,
                origin: Origin::Lockfile,
                dependencies,
                dependents: written.waiting.remove(&index).unwrap_or_default(),
                depends_on_itself: package.dependencies.contains(&index),
            };
            resources.create(new).await?.id
        }
    };
    written.ids[index] = Some(id);
    for dependency in awaited {
        written.waiting.entry(dependency).or_default().push(id);
    }
    Ok(())
}

/// Removes what the lock file no longer holds, unless somebody's own resource depends on it.
#[traced(fields(resource.count = vanished.len()))]
async fn remove_vanished(
    resources: &Resources,
    vanished: &[ResourceId],
    counts: &mut Counts,
) -> Result<(), ServiceError> {
    let among: HashSet<ResourceId> = vanished.iter().copied().collect();
    let mut gone: HashSet<ResourceId> = HashSet::new();
    for id in vanished {
        if gone.contains(id) {
            continue;
        }
        match resources.delete(*id, Cascade::Among(&among)).await {
            Ok(deleted) => gone.extend(deleted.ids),
            Err(ServiceError::InUse { .. }) => counts.kept += 1,
            Err(error) => return Err(error),
        }
    }
    counts.removed = gone.len();
    Ok(())
}
