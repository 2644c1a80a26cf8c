-- The schema of version 1. STRICT: a column holds its type or the statement fails.
CREATE TABLE resource (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    version  TEXT NOT NULL,
    source   TEXT NOT NULL, -- '' for what lies in the workspace itself: NULLs would not be unique
    checksum TEXT,
    origin   TEXT NOT NULL CHECK (origin IN ('lockfile', 'user')),
    UNIQUE (name, version, source)
) STRICT;

-- RESTRICT: a resource that others need goes only together with them, and the service says so.
CREATE TABLE dependency (
    dependent  INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
    dependency INTEGER NOT NULL REFERENCES resource (id) ON DELETE RESTRICT,
    PRIMARY KEY (dependent, dependency)
) STRICT, WITHOUT ROWID;

-- The way back: who depends on this?
CREATE INDEX dependency_by_dependency ON dependency (dependency, dependent);
