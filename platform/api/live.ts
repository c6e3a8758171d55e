import { randomUUID } from "node:crypto";
import type { InstanceView } from "../scheduler/scheduler.ts";
import type { Awaitable } from "../store/awaitable.ts";
import type { DeadQuery } from "../store/dead-requests.ts";
import type { SurroundingsKeeper } from "../surroundings.ts";
import type { Message } from "../triggers/publication.ts";
import type { FunctionKey } from "../store/function-key.ts";
import type { ObjectStore } from "../triggers/object-store.ts";

/** What operations ask of the running platform, beside what is stored. */
export interface Live {
  /** True when functions from container images can run. */
  readonly runsImages: boolean;
  /** Undefined where functions have no networks and file systems of their own. */
  readonly surroundings: SurroundingsKeeper | undefined;
  /** Ends an asynchronous request of the function; durable when it resolves. False when none of that id waits or runs. */
  cancel(key: FunctionKey, requestId: string): Promise<boolean>;
  /** Puts dead requests back into the queue; answers how many. */
  redrive(query: DeadQuery): Promise<number>;
  /** Tells all who are subscribed to a topic; durable when it resolves, with the message's id. Rejects with QueueFullError. */
  publish(message: Message): Promise<string>;
  /** Where objects that destinations name are written. */
  readonly objects: Pick<ObjectStore, "refusal">;
  instances(): Awaitable<readonly InstanceView[]>;
  /** Retires an instance; calls that run there finish. False when none of that id is ready. */
  end(instanceId: string): Awaitable<boolean>;
  /** Metrics that were counted so far are in the store when it resolves. */
  flush(): Promise<void>;
}

/** A control plane without a data plane: nothing runs. */
export const AT_REST: Live = {
  runsImages: false,
  surroundings: { arrange: async () => undefined, discard: async () => undefined },
  cancel: async () => false,
  redrive: async () => 0,
  publish: async () => randomUUID(),
  objects: { refusal: () => undefined },
  instances: () => [],
  end: () => false,
  flush: async () => undefined,
};
