-- The schema of version 1. "C": names are sorted and compared by their bytes, as SQLite does.
CREATE TABLE resource (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name     TEXT COLLATE "C" NOT NULL,
    version  TEXT COLLATE "C" NOT NULL,
    source   TEXT COLLATE "C" NOT NULL, -- '' for what lies in the workspace itself
    checksum TEXT,
    origin   TEXT NOT NULL CHECK (origin IN ('lockfile', 'user')),
    UNIQUE (name, version, source)
);

-- No ON DELETE for `dependency`: a resource that others need goes only together with them, and the
-- service says so.
CREATE TABLE dependency (
    dependent  BIGINT NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
    dependency BIGINT NOT NULL REFERENCES resource (id),
    PRIMARY KEY (dependent, dependency)
);

-- The way back: who depends on this?
CREATE INDEX dependency_by_dependency ON dependency (dependency, dependent);
