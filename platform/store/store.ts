import type { Role } from "../../model/api/access.ts";
import type { AliasSpec } from "../../model/alias.ts";
import type { DependencyVersion } from "../../model/dependency.ts";
import type { CodeSpec, FunctionSpec } from "../../model/function.ts";
import type { TriggerSpec } from "../../model/trigger.ts";
import type { AccessStore } from "./access.ts";
import type { ReservedInstanceStore } from "./reserved-instances.ts";
import type { TagStore } from "./tags.ts";
import type { VpcEndpointStore } from "./vpc-endpoints.ts";
import type { WorkflowStore } from "./workflows.ts";
import type { TracingStore } from "./tracing.ts";
import type { AsyncRecordPage, AsyncRecordQuery, AsyncStatus } from "./async-records.ts";
import type { ApplicationStore } from "./applications.ts";
import type { DependencyStore } from "./dependencies.ts";

/**
 * What the platform remembers. Every method is one transaction and durable when it returns (SQLite WAL, synchronous=FULL),
 * but for changes of a function: they are committed when the method returns, survive the end of the process, and are on the
 * disk once `settled` says so. Who acknowledges a change waits for that.
 * Calls are synchronous: the embedded store answers in microseconds, and callers read as plain code.
 * A missing thing is `undefined`; a clash throws ConflictError. Writers pass the revision they read; a stale one throws
 * StaleError, so two writers never lose an update.
 */
export interface Store {
  readonly functions: FunctionStore;
  readonly versions: VersionStore;
  readonly aliases: AliasStore;
  readonly triggers: TriggerStore;
  readonly testEvents: TestEventStore;
  readonly asyncRequests: AsyncRequestStore;
  readonly metrics: MetricStore;
  readonly asyncConfigs: AsyncConfigStore;
  readonly reservedInstances: ReservedInstanceStore;
  readonly tracing: TracingStore;
  readonly credentials: CredentialStore;
  readonly access: AccessStore;
  readonly tags: TagStore;
  readonly workflows: WorkflowStore;
  readonly vpcEndpoints: VpcEndpointStore;
  readonly dependencies: DependencyStore;
  readonly applications: ApplicationStore;
  /** Code archives and their unpacked folders, by SHA-512. */
  readonly code: CodeStore;
  /** Called after every committed change with the key of the function it touched (`keyText`); not for queue, metrics and credentials. */
  onChange(listener: (functionKey: string) => void): void;
  /** Resolves when every change so far is on the disk; undefined when it is there already. Rejects when the disk fails. */
  settled(): Promise<void> | undefined;
  close(): void;
}

/** What names a function. */
export interface FunctionKey {
  readonly projectId: string;
  readonly package: string;
  readonly name: string;
}

/** One version's snapshot; `latest` is the one that changes. */
export interface FunctionRecord {
  readonly key: FunctionKey;
  /** UUID, for `resource_id`. */
  readonly id: string;
  /** `latest` or the published name. */
  readonly version: string;
  readonly versionDescription: string;
  readonly spec: FunctionSpec;
  readonly code: CodeSpec;
  /** The versions that `spec.dependencies` names, in its order. */
  readonly dependencies: readonly DependencyVersion[];
  /** Grows by one with every change of this record. */
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Which functions of a project are asked for; what is left out does not narrow. */
export interface FunctionQuery {
  readonly package?: string | undefined;
  /** Part of the name, in its own case. */
  readonly namePart?: string | undefined;
  readonly offset?: number;
  readonly limit?: number;
}

/** Some `latest` records, and how many there are in all. */
export interface FunctionPage {
  readonly records: readonly FunctionRecord[];
  readonly count: number;
}

/** Functions with their `latest` version. */
export interface FunctionStore {
  create(
    record: Omit<
      FunctionRecord,
      "revision" | "createdAt" | "modifiedAt" | "id" | "version" | "versionDescription" | "dependencies"
    >,
  ): FunctionRecord;
  /** The `latest` record. */
  find(key: FunctionKey): FunctionRecord | undefined;
  list(projectId: string): readonly FunctionRecord[];
  /** A part of the list; a record that did not change since is the same object again. */
  page(projectId: string, query: FunctionQuery): FunctionPage;
  count(projectId: string): number;
  update(
    key: FunctionKey,
    revision: number,
    change: { spec?: FunctionSpec; code?: CodeSpec },
  ): FunctionRecord;
  /** Pinned functions come first in lists. */
  pin(key: FunctionKey, pinned: boolean): void;
  /** Deletes the function with versions, aliases, triggers, test events and queued requests. */
  delete(key: FunctionKey): void;
}

/** Published versions. */
export interface VersionStore {
  publish(key: FunctionKey, version: string, description: string): FunctionRecord;
  find(key: FunctionKey, version: string): FunctionRecord | undefined;
  /** `latest` first, then newest first. */
  list(key: FunctionKey): FunctionRecord[];
  /** Deletes the version, the aliases that name it, and the triggers of both. */
  delete(key: FunctionKey, version: string): void;
}

/** An alias as it is kept. */
export interface AliasRecord {
  readonly spec: AliasSpec;
  readonly modifiedAt: number;
}

/** Aliases; their names are unique within a function. */
export interface AliasStore {
  create(key: FunctionKey, spec: AliasSpec): AliasRecord;
  find(key: FunctionKey, name: string): AliasRecord | undefined;
  list(key: FunctionKey): AliasRecord[];
  update(key: FunctionKey, spec: AliasSpec): AliasRecord;
  delete(key: FunctionKey, name: string): void;
}

/** A trigger as it is kept. */
export interface TriggerRecord {
  readonly id: string;
  readonly key: FunctionKey;
  /** Version name, or `!alias`, that the trigger calls. */
  readonly qualifier: string;
  readonly spec: TriggerSpec;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Triggers of all functions. */
export interface TriggerStore {
  create(key: FunctionKey, qualifier: string, spec: TriggerSpec): TriggerRecord;
  find(id: string): TriggerRecord | undefined;
  list(key: FunctionKey): TriggerRecord[];
  /** Every trigger, for the gateway's routes and the timers. */
  all(): TriggerRecord[];
  update(id: string, spec: TriggerSpec): TriggerRecord;
  delete(id: string): void;
  /** Last times (epoch ms) that timers fired for, by trigger id. */
  lastFires(): Map<string, number>;
}

/** A test event as it is kept. */
export interface TestEventRecord {
  readonly id: string;
  readonly name: string;
  /** Base64 of the JSON event text, as the API carries it. */
  readonly content: string;
  readonly modifiedAt: number;
}

/** Test events; their names are unique within a function. */
export interface TestEventStore {
  create(key: FunctionKey, name: string, content: string): TestEventRecord;
  find(key: FunctionKey, id: string): TestEventRecord | undefined;
  list(key: FunctionKey): TestEventRecord[];
  update(key: FunctionKey, id: string, content: string): TestEventRecord;
  delete(key: FunctionKey, id: string): void;
}

/** One event that waits for its function, or runs. */
export interface AsyncRequest {
  readonly id: string;
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  readonly event: Buffer;
  /** Times it was started; at least once, so a cut lease counts. */
  readonly attempts: number;
  readonly acceptedAt: number;
  /** Not before this time (epoch ms). */
  readonly dueAt: number;
}

/** A timer trigger and the time (epoch ms) it fired for. */
export interface TimerFire {
  readonly triggerId: string;
  readonly at: number;
}

/** One event that waits for its function, or runs. */
export interface AsyncRequestStore {
  /** Writes all in one transaction, with the times that timers fired for; durable on return. */
  accept(requests: readonly Omit<AsyncRequest, "attempts">[], fires?: readonly TimerFire[]): void;
  /** Functions (`keyText`) that have due requests, each once. */
  due(now: number): string[];
  /** Up to `count` due requests, of one function or of all, oldest first, marked running. */
  take(now: number, count: number, functionKey?: string): AsyncRequest[];
  /** Marks requests as ended and accepts those that follow from the ends, all in one transaction. */
  finish(outcomes: readonly AsyncOutcome[], following?: readonly Omit<AsyncRequest, "attempts">[]): void;
  /** Ends a request of the function that waits; false when it does not wait. */
  discard(key: FunctionKey, id: string, errorCode: number, errorMessage: string): boolean;
  /** What is known of a function's requests, newest first. */
  records(key: FunctionKey, query: AsyncRecordQuery): AsyncRecordPage;
  /** Requests that an earlier run had marked running become waiting again. */
  recover(): number;
  count(status: AsyncStatus): number;
  /** When the earliest waiting request is due; undefined when none waits. */
  nextDue(): number | undefined;
}

/** How a running request ended. */
export interface AsyncOutcome {
  readonly id: string;
  /** `retry` puts it back, due at `dueAt`. */
  readonly status: "success" | "failed" | "discarded" | "retry";
  readonly dueAt?: number;
  /** With `retry`: the function was not started, so the attempt does not count. */
  readonly uncounted?: boolean;
  readonly errorCode?: number;
  readonly errorMessage?: string;
}

/** How asynchronous requests of one version or alias are treated (guide 3.3.7). */
export interface AsyncConfig {
  readonly maxRetries: number;
  readonly maxAgeSeconds: number;
  readonly statusLog: boolean;
  readonly onSuccess?: AsyncDestination | undefined;
  readonly onFailure?: AsyncDestination | undefined;
}

/** The function that is told how asynchronous requests ended. */
export interface AsyncDestination {
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  /** The JSON text that named it, given back as it came. */
  readonly param: string;
}

/** Settings for asynchronous calls as they are kept. */
export interface AsyncConfigRecord {
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  readonly config: AsyncConfig;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Settings for asynchronous calls, by version name or `!alias`. */
export interface AsyncConfigStore {
  put(key: FunctionKey, qualifier: string, config: AsyncConfig): AsyncConfigRecord;
  find(key: FunctionKey, qualifier: string): AsyncConfigRecord | undefined;
  list(key: FunctionKey): AsyncConfigRecord[];
  delete(key: FunctionKey, qualifier: string): void;
}

/** A project and a key pair that signs for it. */
export interface Credential {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly role: Role;
  /** May make projects, users and key pairs. */
  readonly administrator: boolean;
}

/** Key pairs of all projects; secret keys are encrypted at rest. */
export interface CredentialStore {
  /** Makes the project too when it is missing. */
  add(credential: Credential): void;
  list(): Credential[];
  delete(accessKey: string): void;
}

/** Calls of a project in one month, and what they used. */
export interface MonthRow {
  /** `2026-01`, by UTC. */
  readonly month: string;
  /** Calls, rejected ones included. */
  readonly count: number;
  readonly gbSeconds: number;
}

/** Counters of one function version in one minute (guide 3.7.1). Durations in milliseconds. */
export interface MetricRow {
  readonly functionKey: string;
  readonly version: string;
  /** Epoch minute. */
  readonly minute: number;
  /** Invocations that ran; rejected ones are counted apart. */
  readonly count: number;
  readonly failCount: number;
  /** Failures that were not the function's own; part of `failCount`. */
  readonly systemFailCount: number;
  readonly rejectCount: number;
  readonly durationSum: number;
  readonly durationMax: number;
  readonly durationMin: number;
  readonly concurrencyMax: number;
  /** Most reserved instances that were seen at a time. */
  readonly reservedInstances: number;
  /** Most other instances that were seen at a time. */
  readonly onDemandInstances: number;
  /** Memory size in GB times seconds of running. */
  readonly gbSeconds: number;
}

/** Counters per minute. */
export interface MetricStore {
  /** Adds rows to what is there: counts and sums add, maxima and minima widen. */
  add(rows: readonly MetricRow[]): void;
  /** Rows from minute `from` to `to`, both included, oldest first. */
  query(functionKey: string, from: number, to: number): MetricRow[];
  /** The same of all functions of a project. */
  queryProject(projectId: string, from: number, to: number): MetricRow[];
  /** Months from `first` (`2026-01`) on, oldest first; kept for good. */
  months(projectId: string, first: string): MonthRow[];
}

/** Archives by their SHA-512, and their unpacked folders. */
export interface CodeStore {
  /** Stores an archive durably under its SHA-512 and unpacks it; the same bytes twice are stored once. */
  put(archive: Buffer): Promise<{ digest: string; size: number }>;
  read(digest: string): Promise<Buffer>;
  /**
   * Folder with the unpacked code, merged with the files of dependencies; makes it again when it is gone.
   * Rejects with ClashError when two of them have different files at one path.
   */
  folder(digest: string, dependencies?: readonly string[]): Promise<string>;
  /** Deletes archives that no record names. */
  collect(): Promise<void>;
  totalBytes(): number;
}

/** `project/package/name`: the text form of a function's key. */
export function keyText(key: FunctionKey): string {
  return `${key.projectId}/${key.package}/${key.name}`;
}

/** The reverse of {@link keyText}; neither a project id nor a function name contains a slash. */
export function parseKeyText(text: string): FunctionKey {
  const first = text.indexOf("/");
  const last = text.lastIndexOf("/");
  return {
    projectId: text.slice(0, first),
    package: text.slice(first + 1, last),
    name: text.slice(last + 1),
  };
}

/** The thing to change does not exist. */
export class MissingError extends Error {
  override readonly name = "MissingError";
}

/** The disk is full: nothing of this change was written. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
}

/** Another platform works on this data folder. */
export class DataFolderInUseError extends Error {
  override readonly name = "DataFolderInUseError";
}

/** The thing exists already. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

/** One path of the merged code that two archives fill differently. */
export interface Clash {
  readonly path: string;
  /** Digests of the archives. */
  readonly first: string;
  readonly second: string;
}

/** Code and dependencies do not fit together. */
export class ClashError extends Error {
  override readonly name = "ClashError";
  readonly clashes: readonly Clash[];

  constructor(clashes: readonly Clash[]) {
    super(`Code and dependencies clash at ${clashes.map((one) => one.path).join(", ")}.`);
    this.clashes = clashes;
  }
}

/** The record changed since it was read. */
export class StaleError extends Error {
  override readonly name = "StaleError";
}
