/** One step a schema version; a step that was released never changes. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE functions (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    project TEXT NOT NULL,
    package TEXT NOT NULL,
    name TEXT NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    UNIQUE (project, package, name)
  );
  CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    spec TEXT NOT NULL,
    secrets BLOB,
    code_type TEXT NOT NULL,
    code_size INTEGER NOT NULL,
    code_digest TEXT NOT NULL,
    code_filename TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    UNIQUE (function_id, name)
  );
  CREATE INDEX versions_digest ON versions (code_digest, code_size);
  CREATE TABLE aliases (
    function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
    name TEXT NOT NULL,
    spec TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (function_id, name)
  ) WITHOUT ROWID;
  CREATE TABLE triggers (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    spec TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
  );
  CREATE TABLE timer_fires (
    trigger_id TEXT PRIMARY KEY REFERENCES triggers (id) ON DELETE CASCADE,
    fired_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX triggers_function ON triggers (function_id, seq);
  CREATE TABLE tags (
    function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (function_id, key)
  ) WITHOUT ROWID;
  CREATE TABLE vpc_endpoints (
    project TEXT NOT NULL,
    vpc TEXT NOT NULL,
    subnet TEXT NOT NULL,
    PRIMARY KEY (project, vpc, subnet)
  ) WITHOUT ROWID;
  CREATE TABLE workflows (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    UNIQUE (project, name)
  ) WITHOUT ROWID;
  CREATE TABLE test_events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    UNIQUE (function_id, name)
  );
  CREATE TABLE async_configs (
    function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    config TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (function_id, qualifier)
  ) WITHOUT ROWID;
  CREATE TABLE reserved_instances (
    function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    spec TEXT NOT NULL,
    PRIMARY KEY (function_id, qualifier)
  ) WITHOUT ROWID;
  CREATE TABLE tracing (
    function_id INTEGER PRIMARY KEY REFERENCES functions ON DELETE CASCADE,
    access_key TEXT NOT NULL,
    secret BLOB NOT NULL
  );
  CREATE TABLE async_requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    function_key TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    status INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    finished_at INTEGER,
    error_code INTEGER,
    error_message TEXT,
    event BLOB NOT NULL
  );
  CREATE INDEX async_waiting ON async_requests (due_at, seq) WHERE status = 0;
  CREATE INDEX async_waiting_function ON async_requests (function_key, due_at, seq) WHERE status = 0;
  CREATE INDEX async_status ON async_requests (status, seq);
  CREATE INDEX async_function ON async_requests (function_key, accepted_at, seq);
  CREATE TABLE metrics (
    function_key TEXT NOT NULL,
    minute INTEGER NOT NULL,
    version TEXT NOT NULL,
    count INTEGER NOT NULL,
    fail_count INTEGER NOT NULL,
    system_fail_count INTEGER NOT NULL,
    reject_count INTEGER NOT NULL,
    duration_sum REAL NOT NULL,
    duration_max REAL NOT NULL,
    duration_min REAL NOT NULL,
    concurrency_max INTEGER NOT NULL,
    reserved_instances INTEGER NOT NULL,
    on_demand_instances INTEGER NOT NULL,
    gb_seconds REAL NOT NULL,
    PRIMARY KEY (function_key, minute, version)
  ) WITHOUT ROWID;
  CREATE TABLE metric_months (
    project TEXT NOT NULL,
    month TEXT NOT NULL,
    count INTEGER NOT NULL,
    gb_seconds REAL NOT NULL,
    PRIMARY KEY (project, month)
  ) WITHOUT ROWID;
  CREATE INDEX metrics_minute ON metrics (minute);
  CREATE TABLE dependencies (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    last_version INTEGER NOT NULL,
    UNIQUE (owner, name)
  ) WITHOUT ROWID;
  CREATE TABLE dependency_versions (
    id TEXT PRIMARY KEY,
    dependency_id TEXT NOT NULL REFERENCES dependencies ON DELETE CASCADE,
    version INTEGER NOT NULL,
    runtime TEXT NOT NULL,
    description TEXT NOT NULL,
    digest TEXT NOT NULL,
    etag TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    UNIQUE (dependency_id, version)
  ) WITHOUT ROWID;
  CREATE INDEX dependency_versions_digest ON dependency_versions (digest, size);
  CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) WITHOUT ROWID;
  CREATE TABLE applications (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    template TEXT NOT NULL,
    status TEXT NOT NULL,
    resources TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    UNIQUE (project, name)
  ) WITHOUT ROWID;
  CREATE TABLE credentials (
    access_key TEXT PRIMARY KEY,
    secret BLOB NOT NULL,
    project TEXT NOT NULL REFERENCES projects,
    role TEXT NOT NULL,
    administrator INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    grants TEXT NOT NULL,
    administrator INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `ALTER TABLE async_requests ADD COLUMN memory_mb INTEGER`,
  `CREATE TABLE agencies (
    project TEXT NOT NULL REFERENCES projects,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (project, name)
  ) WITHOUT ROWID`,
  `
  CREATE TABLE async_queue (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    function_key TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    status INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    hops INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    memory_mb INTEGER,
    event BLOB NOT NULL
  );
  CREATE INDEX async_turn ON async_queue (function_key, due_at, seq, id) WHERE status = 0;
  CREATE TABLE async_history (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    function_key TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    status INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    error_code INTEGER,
    error_message TEXT
  );
  CREATE INDEX async_history_function ON async_history (function_key, accepted_at, seq);
  CREATE TABLE async_dead (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    function_key TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    status INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    error_code INTEGER,
    error_message TEXT,
    memory_mb INTEGER,
    event BLOB NOT NULL
  );
  CREATE INDEX async_dead_function ON async_dead (function_key, accepted_at, seq);
  CREATE TABLE async_tally (status INTEGER PRIMARY KEY, count INTEGER NOT NULL);
  INSERT INTO async_queue SELECT seq, id, function_key, qualifier, 0, attempts, 0, accepted_at, due_at, memory_mb, event
    FROM async_requests WHERE status < 2;
  INSERT INTO async_history SELECT seq, id, function_key, qualifier, status, accepted_at, finished_at, error_code, error_message
    FROM async_requests WHERE status > 1;
  INSERT INTO async_tally SELECT status, COUNT(*) FROM async_requests WHERE status > 1 GROUP BY status;
  DROP TABLE async_requests;
  UPDATE async_configs SET config = json_set(config, '$.onSuccess.kind', 'function')
    WHERE json_type(config, '$.onSuccess') = 'object';
  UPDATE async_configs SET config = json_set(config, '$.onFailure.kind', 'function')
    WHERE json_type(config, '$.onFailure') = 'object';
  CREATE TABLE topics (
    project TEXT NOT NULL REFERENCES projects,
    name TEXT NOT NULL,
    PRIMARY KEY (project, name)
  ) WITHOUT ROWID;
  CREATE TABLE subscriptions (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    topic TEXT NOT NULL,
    protocol TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    UNIQUE (project, topic, endpoint),
    FOREIGN KEY (project, topic) REFERENCES topics ON DELETE CASCADE
  ) WITHOUT ROWID;
  `,
  `CREATE TABLE facilities (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    spec TEXT NOT NULL,
    UNIQUE (project, kind, name)
  ) WITHOUT ROWID`,
  `
  CREATE TABLE async_recording (project TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE INDEX async_running ON async_queue (seq, id) WHERE status = 1;
  `,
  `
  ALTER TABLE versions ADD COLUMN owner TEXT;
  ALTER TABLE aliases ADD COLUMN owner TEXT;
  ALTER TABLE triggers ADD COLUMN owner TEXT;
  ALTER TABLE test_events ADD COLUMN owner TEXT;
  ALTER TABLE async_configs ADD COLUMN owner TEXT;
  ALTER TABLE reserved_instances ADD COLUMN owner TEXT;
  ALTER TABLE dependency_versions ADD COLUMN owner TEXT;
  ALTER TABLE facilities ADD COLUMN owner TEXT;
  ALTER TABLE agencies ADD COLUMN owner TEXT;
  `,
  `ALTER TABLE async_queue ADD COLUMN cuts INTEGER NOT NULL DEFAULT 0`,
];
