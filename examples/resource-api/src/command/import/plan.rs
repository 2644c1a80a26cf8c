//! What an import has to do, decided before anything is written; sync and pure.

use std::collections::{HashMap, HashSet};

use otel_runtime::traced;

use crate::lockfile::Lockfile;
use crate::model::{Edge, Origin, Resource, ResourceId, ResourceKey};

/// What to do with the packages of a lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Every package once, dependencies before what needs them. Only where packages need each
    /// other in a circle does one stand before some of its dependencies.
    pub(super) steps: Vec<(usize, Action)>,
    /// Imported earlier, and no longer in the lock file.
    pub(super) vanished: Vec<ResourceId>,
}

/// What to do with a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// It is new.
    Create,
    /// It is this resource, which says something else or has other dependencies.
    Update(ResourceId),
    /// It is this resource, to the letter.
    Keep(ResourceId),
}

impl Action {
    /// Its form in telemetry.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update(_) => "update",
            Self::Keep(_) => "keep",
        }
    }

    /// The resource it is, unless it is new.
    #[must_use]
    pub(super) fn id(self) -> Option<ResourceId> {
        match self {
            Self::Create => None,
            Self::Update(id) | Self::Keep(id) => Some(id),
        }
    }
}

/// Compares a lock file with what the database holds.
#[must_use]
#[traced(name = "plan_import", fields(resource.count = known.len()))]
pub(super) fn plan(lockfile: &Lockfile, known: &[Resource], edges: &[Edge]) -> Plan {
    let (ids, vanished) = recognise(lockfile, known);
    let known: HashMap<ResourceId, &Resource> = known
        .iter()
        .map(|resource| (resource.id, resource))
        .collect();
    let mut dependencies: HashMap<ResourceId, HashSet<ResourceId>> = HashMap::new();
    for edge in edges {
        dependencies
            .entry(edge.dependent)
            .or_default()
            .insert(edge.dependency);
    }
    let none = HashSet::new();
    let action = |index: usize| {
        let package = &lockfile.packages[index];
        let Some(id) = ids[index] else {
            return Action::Create;
        };
        let wanted: Option<HashSet<ResourceId>> = package
            .dependencies
            .iter()
            .map(|dependency| ids[*dependency])
            .collect();
        let is_same = known[&id].description == package.description
            && wanted.as_ref() == Some(dependencies.get(&id).unwrap_or(&none));
        if is_same {
            Action::Keep(id)
        } else {
            Action::Update(id)
        }
    };
    let steps = dependencies_first(lockfile)
        .into_iter()
        .map(|index| (index, action(index)))
        .collect();
    Plan { steps, vanished }
}

/// Which resource each package is, and which resources are no package any more.
///
/// A package is the resource with its name, version and source. Where exactly one resource of a
/// name is left over, and exactly one package, the package has changed its version or source.
fn recognise(
    lockfile: &Lockfile,
    known: &[Resource],
) -> (Vec<Option<ResourceId>>, Vec<ResourceId>) {
    let mut by_key: HashMap<&ResourceKey, &Resource> = known
        .iter()
        .map(|resource| (&resource.description.key, resource))
        .collect();
    let mut ids: Vec<Option<ResourceId>> = lockfile
        .packages
        .iter()
        .map(|package| {
            by_key
                .remove(&package.description.key)
                .map(|resource| resource.id)
        })
        .collect();

    let mut vanished: HashMap<&str, Vec<ResourceId>> = HashMap::new();
    for resource in by_key
        .into_values()
        .filter(|it| it.origin == Origin::Lockfile)
    {
        vanished
            .entry(&resource.description.key.name)
            .or_default()
            .push(resource.id);
    }
    let mut appeared: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, package) in lockfile.packages.iter().enumerate() {
        if ids[index].is_none() {
            appeared
                .entry(&package.description.key.name)
                .or_default()
                .push(index);
        }
    }
    for (name, indices) in appeared {
        if let ([index], Some([id])) = (&indices[..], vanished.get(name).map(|ids| &ids[..])) {
            ids[*index] = Some(*id);
            vanished.remove(name);
        }
    }
    let mut vanished: Vec<ResourceId> = vanished.into_values().flatten().collect();
    vanished.sort_unstable();
    (ids, vanished)
}

/// The packages, each after its dependencies as far as circles allow; without recursion.
fn dependencies_first(lockfile: &Lockfile) -> Vec<usize> {
    let mut order = Vec::with_capacity(lockfile.packages.len());
    let mut is_seen = vec![false; lockfile.packages.len()];
    for root in 0..lockfile.packages.len() {
        if std::mem::replace(&mut is_seen[root], true) {
            continue;
        }
        // a package, and how many of its dependencies have been looked at
        let mut path = vec![(root, 0)];
        while let Some((index, looked_at)) = path.last_mut() {
            match lockfile.packages[*index].dependencies.get(*looked_at) {
                Some(&dependency) => {
                    *looked_at += 1;
                    if !std::mem::replace(&mut is_seen[dependency], true) {
                        path.push((dependency, 0));
                    }
                }
                None => {
                    order.push(*index);
                    path.pop();
                }
            }
        }
    }
    order
}
