-- The schema of version 1. `utf8mb4_bin`: names are sorted and compared by their code points, as
-- SQLite does.
CREATE TABLE resource (
    id       BIGINT AUTO_INCREMENT PRIMARY KEY,
    name     VARCHAR(256) NOT NULL,
    version  VARCHAR(256) NOT NULL,
    source   VARCHAR(2048) NOT NULL, -- '' for what lies in the workspace itself
    checksum CHAR(64),
    origin   VARCHAR(8) NOT NULL CHECK (origin IN ('lockfile', 'user')),
    -- the three together are longer than an index may be
    identity CHAR(64) AS (sha2(concat(name, char(10), version, char(10), source), 256)) STORED,
    UNIQUE (identity)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- RESTRICT: a resource that others need goes only together with them, and the service says so.
CREATE TABLE dependency (
    dependent  BIGINT NOT NULL,
    dependency BIGINT NOT NULL,
    PRIMARY KEY (dependent, dependency),
    -- the way back: who depends on this?
    INDEX dependency_by_dependency (dependency, dependent),
    FOREIGN KEY (dependent) REFERENCES resource (id) ON DELETE CASCADE,
    FOREIGN KEY (dependency) REFERENCES resource (id) ON DELETE RESTRICT
);
