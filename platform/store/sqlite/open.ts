import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { FileCodeStore, type CodeReferences } from "../code-store.ts";
import { openSecretBox } from "../secrets.ts";
import type { Store } from "../store.ts";
import { DataFolderError, DataFolderInUseError } from "../errors.ts";
import { keepCode } from "../../workshop/workshop.ts";
import { SqliteAccess } from "./access.ts";
import { SqliteAliases } from "./aliases.ts";
import { SqliteApplications } from "./applications.ts";
import { SqliteAsyncConfigs } from "./async-configs.ts";
import { SqliteAsyncRequests } from "./async-requests.ts";
import { SqliteCredentials } from "./credentials.ts";
import { Database } from "./database.ts";
import { SqliteDependencies } from "./dependencies.ts";
import { SqliteFacilities } from "./facilities.ts";
import { FunctionIds, SqliteFunctions } from "./functions.ts";
import { SqliteMetrics } from "./metrics.ts";
import { SqliteOwners } from "./owners.ts";
import { RecordCodec } from "./record.ts";
import { SqliteReservedInstances } from "./reserved-instances.ts";
import { SqliteTracing } from "./tracing.ts";
import { SqliteTags } from "./tags.ts";
import { SqliteTestEvents } from "./test-events.ts";
import { TriggerCodec } from "./trigger-codec.ts";
import { SqliteTopics } from "./topics.ts";
import { SqliteTriggers } from "./triggers.ts";
import { SqliteVpcEndpoints } from "./vpc-endpoints.ts";
import { SqliteWorkflows } from "./workflows.ts";
import { SqliteVersions } from "./versions.ts";

/**
 * Opens the store of a data folder, making the folder (mode 0700) when it is missing. One process at a time: throws
 * DataFolderInUseError while another platform works on it, and DataFolderError for a folder that cannot be used.
 */
export async function openStore(dataDir: string): Promise<Store> {
  const folder = resolve(dataDir);
  usable(folder, () => makeFolder(folder));
  const db = openDatabase(folder);
  try {
    usable(folder, () => {
      chmodSync(folder, 0o700);
      writeFileSync(join(folder, "pid"), `${process.pid}\n`);
    });
    const box = openSecretBox(folder);
    const code = new FileCodeStore(folder, codeReferences(db), keepCode);
    await code.prepare();
    const ids = new FunctionIds(db);
    const dependencies = new SqliteDependencies(db);
    const codec = new RecordCodec(box, dependencies);
    return {
      functions: new SqliteFunctions(db, ids, codec),
      versions: new SqliteVersions(db, ids, codec),
      aliases: new SqliteAliases(db, ids),
      triggers: new SqliteTriggers(db, ids, new TriggerCodec(box)),
      testEvents: new SqliteTestEvents(db, ids),
      asyncRequests: new SqliteAsyncRequests(db),
      metrics: new SqliteMetrics(db),
      asyncConfigs: new SqliteAsyncConfigs(db, ids),
      topics: new SqliteTopics(db),
      reservedInstances: new SqliteReservedInstances(db, ids),
      tracing: new SqliteTracing(db, ids, box),
      dependencies,
      applications: new SqliteApplications(db),
      credentials: new SqliteCredentials(db, box),
      access: new SqliteAccess(db, box),
      tags: new SqliteTags(db, ids),
      owners: new SqliteOwners(db, ids),
      workflows: new SqliteWorkflows(db),
      facilities: new SqliteFacilities(db),
      vpcEndpoints: new SqliteVpcEndpoints(db),
      code,
      onChange: (listener) => db.onChange(listener),
      settled: () => db.settled(),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What Node does for `recursive`, but for ever where the system has no folders of one's own, such as under /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
}

function usable(folder: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new DataFolderError(
      `The data folder ${folder} cannot be used: ${(error as Error).message}. Choose another folder, or change who may write there.`,
      { cause: error },
    );
  }
}

function openDatabase(folder: string): Database {
  try {
    return Database.open(join(folder, "store.db"));
  } catch (error) {
    if (!(error instanceof DataFolderInUseError)) throw error;
    throw new DataFolderInUseError(
      `The data folder ${folder} is in use by another platform${holder(folder)}. Stop that one, or choose another data folder.`,
      { cause: error },
    );
  }
}

function holder(folder: string): string {
  try {
    return ` (process ${readFileSync(join(folder, "pid"), "utf8").trim()})`;
  } catch {
    return "";
  }
}

function codeReferences(db: Database): CodeReferences {
  const has = db.prepare(
    "SELECT 1 FROM versions WHERE code_digest = :digest UNION SELECT 1 FROM dependency_versions WHERE digest = :digest",
  );
  const total = db.prepare(`SELECT COALESCE(SUM(size), 0) AS bytes FROM
    (SELECT code_digest AS digest, code_size AS size FROM versions UNION SELECT digest, size FROM dependency_versions)`);
  const merged =
    db.prepare(`SELECT DISTINCT v.code_digest AS code, (SELECT json_group_array(d.digest ORDER BY used.key)
    FROM json_each(v.spec, '$.dependencies') used JOIN dependency_versions d ON d.id = used.value) AS dependencies
    FROM versions v WHERE json_array_length(v.spec, '$.dependencies') > 0`);
  return {
    has: (digest) => has.get({ digest }) !== undefined,
    merged: () =>
      (merged.all() as unknown as { code: string; dependencies: string }[]).map((row) => [
        row.code,
        ...(JSON.parse(row.dependencies) as string[]),
      ]),
    totalBytes: () => (total.get() as { bytes: number }).bytes,
  };
}
