import type { CodeReferences } from "../code-store.ts";
import type { Database } from "./database.ts";

/** What the records of a database say about code. */
export function codeReferences(db: Database): CodeReferences & { digests(): string[] } {
  const all = db.prepare(
    "SELECT code_digest AS digest FROM versions UNION SELECT digest FROM dependency_versions",
  );
  const has = db.prepare(
    "SELECT 1 FROM versions WHERE code_digest = :digest UNION SELECT 1 FROM dependency_versions WHERE digest = :digest",
  );
  const total = db.prepare(`SELECT COALESCE(SUM(size), 0) AS bytes FROM
    (SELECT v.code_digest AS digest, v.code_size AS size FROM versions v JOIN functions f ON f.id = v.function_id WHERE f.project = :project
    UNION SELECT v.digest, v.size FROM dependency_versions v JOIN dependencies d ON d.id = v.dependency_id WHERE d.owner = :project)`);
  const merged =
    db.prepare(`SELECT DISTINCT v.code_digest AS code, (SELECT json_group_array(d.digest ORDER BY used.key)
    FROM json_each(v.spec, '$.dependencies') used JOIN dependency_versions d ON d.id = used.value) AS dependencies
    FROM versions v WHERE json_array_length(v.spec, '$.dependencies') > 0`);
  return {
    digests: () => (all.all() as { digest: string }[]).map((row) => row.digest),
    has: (digest) => has.get({ digest }) !== undefined,
    merged: () =>
      (merged.all() as unknown as { code: string; dependencies: string }[]).map((row) => [
        row.code,
        ...(JSON.parse(row.dependencies) as string[]),
      ]),
    totalBytes: (project) => (total.get({ project }) as { bytes: number }).bytes,
  };
}
