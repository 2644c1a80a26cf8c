//! What an import tells the person who asked for it.

use std::fmt;
use std::path::PathBuf;

use super::{Counts, Tour};
use crate::storage::DatabaseAddress;

/// How many circular dependencies are shown one by one.
const SHOWN_CYCLES: usize = 5;

/// What an import did and found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The imported file.
    pub lockfile: PathBuf,
    /// The database.
    pub database: DatabaseAddress,
    /// How many packages the file holds.
    pub packages: usize,
    /// How many dependencies.
    pub dependencies: usize,
    /// What became of the packages.
    pub counts: Counts,
    /// What the queries found.
    pub tour: Tour,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            lockfile,
            database,
            packages,
            dependencies,
            counts,
            tour,
        } = self;
        let Counts {
            created,
            updated,
            unchanged,
            removed,
            kept,
        } = counts;
        let lockfile = lockfile.display();
        writeln!(
            f,
            "{lockfile}: {packages} packages with {dependencies} dependencies, now in {database}"
        )?;
        write!(
            f,
            "  packages: {created} created, {updated} updated, {unchanged} unchanged, \
             {removed} removed"
        )?;
        match kept {
            0 => writeln!(f)?,
            kept => writeln!(f, ", {kept} kept because others depend on them")?,
        }
        let name = &tour.most_needed.description.key.name;
        writeln!(
            f,
            "  most needed: {name} {}, which {} depend on and which depends on {}; \
             a search for `{name}` finds {}",
            tour.most_needed.description.key.version,
            tour.dependents,
            tour.dependencies,
            tour.found,
        )?;
        match tour.cycles.len() {
            0 => writeln!(f, "  circular dependencies: none")?,
            count => writeln!(f, "  circular dependencies: {count}")?,
        }
        for (cycle, names) in tour.cycles.iter().take(SHOWN_CYCLES) {
            write!(f, "    {} → {}", names.join(" → "), names[0])?;
            match cycle.members {
                members if members > names.len() => {
                    writeln!(f, " (a shortest way round in a knot of {members})")?;
                }
                _ => writeln!(f)?,
            }
        }
        if tour.cycles.len() > SHOWN_CYCLES {
            writeln!(f, "    and {} more", tour.cycles.len() - SHOWN_CYCLES)?;
        }
        writeln!(
            f,
            "  delete with cascade: scratch-library and {} more",
            tour.cascaded
        )
    }
}
