import type { SecretBox } from "../secrets.ts";
import type { OthersChange, Store } from "../store.ts";
import type { Database } from "./database.ts";
import { SqliteAccess } from "./access.ts";
import { SqliteAliases } from "./aliases.ts";
import { SqliteApplications } from "./applications.ts";
import { SqliteAsyncConfigs } from "./async-configs.ts";
import { SqliteCredentials } from "./credentials.ts";
import { SqliteDependencies } from "./dependencies.ts";
import { SqliteFacilities } from "./facilities.ts";
import { FunctionIds, SqliteFunctions } from "./functions.ts";
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

/** The part of a store that is the same wherever its database keeps what it holds. */
export type Records = Omit<Store, "asyncRequests" | "metrics" | "code" | "close">;

/** The tables behind what others may change. */
const TABLES: Readonly<Record<OthersChange, readonly string[]>> = {
  access: ["projects", "users", "agencies", "credentials"],
  facilities: ["facilities"],
};

/** Reads and writes the records of a database; `box` seals what is secret among them. */
export function openRecords(db: Database, box: SecretBox): Records {
  const ids = new FunctionIds(db);
  const dependencies = new SqliteDependencies(db);
  const codec = new RecordCodec(box, dependencies);
  return {
    functions: new SqliteFunctions(db, ids, codec),
    versions: new SqliteVersions(db, ids, codec),
    aliases: new SqliteAliases(db, ids),
    triggers: new SqliteTriggers(db, ids, new TriggerCodec(box)),
    testEvents: new SqliteTestEvents(db, ids),
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
    onChange: (listener) => db.onChange(listener),
    onOthersChange: (kind, listener) => {
      db.onTakenOver((tables) => {
        if (TABLES[kind].some((table) => tables.has(table))) listener();
      });
    },
    mark: () => db.mark(),
    settled: (mark) => db.settled(mark),
  };
}
