import { LOCKS } from "./advisory-lock.ts";

/**
 * The tables that the processes of one platform share, as steps; a step that was released never changes. They live in the
 * schema `fungraph` of the database; one database holds one platform.
 */
export const CLUSTER_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE members (
    id uuid PRIMARY KEY,
    number integer NOT NULL UNIQUE,
    role text NOT NULL,
    addresses jsonb NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE SEQUENCE member_numbers AS integer CYCLE;
  CREATE TABLE leadership (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    term bigint NOT NULL,
    leader uuid
  );
  INSERT INTO leadership (term) VALUES (0);
  `,
  `
  CREATE TABLE foundation (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    key_check bytea NOT NULL
  );
  CREATE TABLE changes (
    seq bigint PRIMARY KEY,
    schema integer NOT NULL,
    changeset bytea NOT NULL,
    function_keys text[] NOT NULL
  );
  CREATE TABLE snapshots (
    seq bigint PRIMARY KEY,
    schema integer NOT NULL,
    image bytea NOT NULL
  );
  ALTER TABLE snapshots ALTER image SET STORAGE EXTERNAL;
  CREATE TABLE archives (
    digest text PRIMARY KEY,
    used_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE archive_parts (
    digest text NOT NULL REFERENCES archives ON DELETE CASCADE,
    part integer NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (digest, part)
  );
  ALTER TABLE archive_parts ALTER bytes SET STORAGE EXTERNAL;
  CREATE TABLE metrics (
    member uuid NOT NULL,
    function_key text COLLATE "C" NOT NULL,
    minute integer NOT NULL,
    version text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    fail_count bigint NOT NULL,
    system_fail_count bigint NOT NULL,
    reject_count bigint NOT NULL,
    duration_sum double precision NOT NULL,
    duration_max double precision NOT NULL,
    duration_min double precision NOT NULL,
    concurrency_max integer NOT NULL,
    reserved_instances integer NOT NULL,
    on_demand_instances integer NOT NULL,
    gb_seconds double precision NOT NULL,
    PRIMARY KEY (function_key, minute, version, member)
  );
  CREATE INDEX metrics_minute ON metrics (minute);
  CREATE TABLE metric_months (
    project text NOT NULL,
    month text NOT NULL,
    count bigint NOT NULL,
    gb_seconds double precision NOT NULL,
    PRIMARY KEY (project, month)
  );
  `,
  `
  CREATE TABLE requests (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL,
    function_key text COLLATE "C" NOT NULL,
    qualifier text NOT NULL,
    owner uuid,
    attempts integer NOT NULL,
    hops integer NOT NULL,
    accepted_at bigint NOT NULL,
    due_at bigint NOT NULL,
    memory_mb integer,
    event bytea NOT NULL
  ) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
  ALTER TABLE requests ALTER event SET STORAGE EXTERNAL;
  CREATE INDEX requests_turn ON requests (function_key, due_at, seq) INCLUDE (id) WHERE owner IS NULL;
  CREATE INDEX requests_owner ON requests (owner) WHERE owner IS NOT NULL;
  CREATE TABLE ended_requests (
    seq bigint PRIMARY KEY,
    id text NOT NULL,
    function_key text COLLATE "C" NOT NULL,
    qualifier text NOT NULL,
    accepted_at bigint NOT NULL,
    finished_at bigint NOT NULL,
    error_code integer
  );
  CREATE INDEX ended_requests_function ON ended_requests (function_key, accepted_at, seq);
  CREATE TABLE dead_requests (
    seq bigint PRIMARY KEY,
    id text NOT NULL,
    function_key text COLLATE "C" NOT NULL,
    qualifier text NOT NULL,
    status smallint NOT NULL,
    attempts integer NOT NULL,
    accepted_at bigint NOT NULL,
    finished_at bigint NOT NULL,
    error_code integer,
    error_message text,
    memory_mb integer,
    event bytea NOT NULL
  );
  ALTER TABLE dead_requests ALTER event SET STORAGE EXTERNAL;
  CREATE INDEX dead_requests_function ON dead_requests (function_key, accepted_at, seq);
  CREATE TABLE request_tally (
    status smallint NOT NULL,
    shard smallint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (status, shard)
  ) WITH (fillfactor = 50);
  CREATE TABLE timer_fires (
    trigger_id text PRIMARY KEY,
    fired_at bigint NOT NULL
  );
  `,
  `
  CREATE TABLE instance_slots (
    id uuid PRIMARY KEY,
    function_key text COLLATE "C" NOT NULL,
    member uuid NOT NULL REFERENCES members ON DELETE CASCADE
  );
  CREATE INDEX instance_slots_function ON instance_slots (function_key);
  CREATE INDEX instance_slots_member ON instance_slots (member);
  CREATE FUNCTION claim_slot(slot uuid, wanted text, owner uuid, most integer) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(${LOCKS.slots}, hashtext(wanted));
    IF (SELECT count(*) FROM instance_slots WHERE function_key = wanted) >= most THEN RETURN false; END IF;
    INSERT INTO instance_slots (id, function_key, member) VALUES (slot, wanted, owner);
    RETURN true;
  END $$;
  `,
  `
  CREATE TABLE engines (
    name text PRIMARY KEY,
    change bigint NOT NULL,
    reasons jsonb NOT NULL
  );
  `,
  `ALTER TABLE requests ADD COLUMN cuts integer NOT NULL DEFAULT 0`,
];
