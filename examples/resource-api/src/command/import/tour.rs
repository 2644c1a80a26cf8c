//! Every query once, on what was imported; and what deletes, on resources made for it.

use otel_runtime::traced;

use super::ServiceError;
use crate::lockfile::Lockfile;
use crate::model::{Description, Origin, Resource, ResourceId, ResourceKey};
use crate::service::{Cascade, Cycle, NewResource, Resources, Update};

/// The most results the tour's search asks for.
const SEARCH_LIMIT: u32 = 100;

/// No lock file has this source, so the scratch resources meet nobody else's.
const SCRATCH_SOURCE: &str = "resource-api:scratch";

/// What the queries found.
#[derive(Clone, Debug)]
pub struct Tour {
    /// The package that most others depend on.
    pub most_needed: Resource,
    /// How many it depends on.
    pub dependencies: usize,
    /// How many depend on it.
    pub dependents: usize,
    /// How many resources have its name in theirs; counted up to a limit.
    pub found: usize,
    /// The knots of resources that need each other, with the names of those on the way round.
    pub cycles: Vec<(Cycle, Vec<String>)>,
    /// How many resources went with a deleted one.
    pub cascaded: usize,
}

/// Runs every query once.
#[traced]
pub(super) async fn tour(
    resources: &Resources,
    lockfile: &Lockfile,
    ids: &[ResourceId],
) -> Result<Tour, ServiceError> {
    let subject = most_needed(lockfile);
    let id = ids[subject];
    let name = &lockfile.packages[subject].description.key.name;
    // they only read, so they run side by side
    let (most_needed, found, dependencies, dependents, cycles) = tokio::try_join!(
        resources.get(id),
        resources.search(name, SEARCH_LIMIT),
        resources.dependencies(id),
        resources.dependents(id),
        resources.cycles(),
    )?;
    let mut named_cycles = Vec::with_capacity(cycles.len());
    for cycle in cycles {
        let mut names = Vec::with_capacity(cycle.path.len());
        for id in &cycle.path {
            let ResourceKey { name, version, .. } = resources.get(*id).await?.description.key;
            names.push(format!("{name} {version}"));
        }
        named_cycles.push((cycle, names));
    }
    Ok(Tour {
        most_needed,
        dependencies: dependencies.len(),
        dependents: dependents.len(),
        found: found.len(),
        cycles: named_cycles,
        cascaded: scratch(resources).await?,
    })
}

/// Creates a library and an application that needs it, updates the one, deletes the other, and
/// says how many went with it.
#[traced(name = "scratch_resources")]
async fn scratch(resources: &Resources) -> Result<usize, ServiceError> {
    let describe = |name: &str, version: &str| Description {
        key: ResourceKey {
            name: name.to_owned(),
            version: version.to_owned(),
            source: SCRATCH_SOURCE.to_owned(),
        },
        checksum: None,
    };
    let new = |description, dependencies| NewResource {
        description,
        origin: Origin::User,
        dependencies,
        dependents: Vec::new(),
        depends_on_itself: false,
    };
    // an earlier run may have been killed in the middle of this
    for description in [
        describe("scratch-library", "1.0.0"),
        describe("scratch-application", "1.0.0"),
        describe("scratch-application", "1.0.1"),
    ] {
        if let Some(left_over) = resources.find(&description.key).await? {
            resources.delete(left_over.id, Cascade::Everything).await?;
        }
    }
    let library = resources
        .create(new(describe("scratch-library", "1.0.0"), Vec::new()))
        .await?;
    let application = resources
        .create(new(
            describe("scratch-application", "1.0.0"),
            vec![library.id],
        ))
        .await?;
    let update = Update {
        description: describe("scratch-application", "1.0.1"),
        dependencies: vec![library.id],
    };
    resources.update(application.id, &update).await?;
    let deleted = resources.delete(library.id, Cascade::Everything).await?;
    Ok(deleted.cascaded())
}

/// The package that most others depend on; the first of them in the file.
fn most_needed(lockfile: &Lockfile) -> usize {
    let mut dependents = vec![0_usize; lockfile.packages.len()];
    for dependency in lockfile
        .packages
        .iter()
        .flat_map(|package| &package.dependencies)
    {
        dependents[*dependency] += 1;
    }
    (0..dependents.len())
        .rev()
        .max_by_key(|index| dependents[*index])
        .unwrap_or(0)
}
