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
];
