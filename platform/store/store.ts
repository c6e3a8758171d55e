import type { AccessStore } from "./access.ts";
import type { AliasStore } from "./aliases.ts";
import type { ApplicationStore } from "./applications.ts";
import type { AsyncConfigStore } from "./async-configs.ts";
import type { AsyncRequestStore } from "./async-requests.ts";
import type { CodeStore } from "./code.ts";
import type { CredentialStore } from "./credentials.ts";
import type { DependencyStore } from "./dependencies.ts";
import type { FacilityStore } from "./facilities.ts";
import type { FunctionStore, VersionStore } from "./functions.ts";
import type { MetricStore } from "./metrics.ts";
import type { OwnerStore } from "./owners.ts";
import type { ReservedInstanceStore } from "./reserved-instances.ts";
import type { TagStore } from "./tags.ts";
import type { TestEventStore } from "./test-events.ts";
import type { TopicStore } from "./topics.ts";
import type { TracingStore } from "./tracing.ts";
import type { TriggerStore } from "./triggers.ts";
import type { VpcEndpointStore } from "./vpc-endpoints.ts";
import type { WorkflowStore } from "./workflows.ts";

/**
 * What the platform remembers. Every method is one transaction. Embedded it is durable when it returns (SQLite WAL,
 * synchronous=FULL), but for changes of a function and of asynchronous requests: they are committed when the method returns,
 * survive the end of the process, and are on the disk once `settled` says so. Over PostgreSQL nothing is safe before that,
 * and a process that does not lead changes nothing: its writers throw StoreUnavailableError. Who acknowledges a change waits.
 * Calls are synchronous: what is read lies in this process, and callers read as plain code.
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
  readonly topics: TopicStore;
  readonly reservedInstances: ReservedInstanceStore;
  readonly tracing: TracingStore;
  readonly credentials: CredentialStore;
  readonly access: AccessStore;
  readonly tags: TagStore;
  readonly owners: OwnerStore;
  readonly workflows: WorkflowStore;
  readonly facilities: FacilityStore;
  readonly vpcEndpoints: VpcEndpointStore;
  readonly dependencies: DependencyStore;
  readonly applications: ApplicationStore;
  /** Code archives and their unpacked folders, by SHA-512. */
  readonly code: CodeStore;
  /** Called after every committed change with the key of the function it touched (`keyText`); not for queue, metrics and credentials. */
  onChange(listener: (functionKey: string) => void): void;
  /** Called after changes of this kind that another process of the platform made are seen here. Embedded: never. */
  onOthersChange(kind: OthersChange, listener: () => void): void;
  /** To be taken before changes that take a while, and given to `settled`. */
  mark(): number;
  /**
   * Resolves when every change so far is safe: on the disk, or in PostgreSQL and seen by the living members. Undefined when
   * it is already. Rejects when the disk fails, and with StoreUnavailableError when a change was lost, now or since the mark.
   */
  settled(mark?: number): Promise<void> | undefined;
  close(): void;
}

/** What is kept in memory elsewhere, beside functions: who may do what, and networks and file systems. */
export type OthersChange = "access" | "facilities";
