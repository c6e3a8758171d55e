import type { FailureKind } from "../../model/failure.ts";
import type { CallLink } from "../link/call-link.ts";
import type { Target } from "./target.ts";

/** A loaded and initialized instance, granted to one gateway. */
export interface Lease {
  readonly instanceId: string;
  readonly target: Target;
  readonly link: CallLink;
  /** True while the instance counts as reserved: the gateway does not give it back for being idle. May become false later. */
  readonly reserved: boolean;
  /**
   * Called once when the instance takes no more calls: it is gone, and calls in flight were failed before with the right kind; or it
   * is to end, and calls in flight still finish. Not called when the gateway itself gave the lease back.
   */
  onLost(listener: (reason: string) => void): void;
}

/** Why no lease could be granted. */
export class LeaseError extends Error {
  readonly kind: FailureKind | "capacity";
  /** Error body as the runtime wrote it; empty when the platform itself saw the failure. */
  readonly body: Buffer;
  constructor(kind: FailureKind | "capacity", message: string, body: Buffer = Buffer.alloc(0)) {
    super(message);
    this.name = "LeaseError";
    this.kind = kind;
    this.body = body;
  }
}

/** What is to be kept of a target. */
export interface Wish {
  readonly count: number;
  /** Pauses the CPU of instances that nothing calls. */
  readonly idleMode: boolean;
}

/** Owns instances; the gateway asks it only when it has no free slot. */
export interface Scheduler {
  /** Keeps warm instances of these runtimes from now on; the first `acquire` of a runtime does so too. */
  prepare(runtimes: readonly string[]): void;
  /**
   * A loaded instance for the target: reserved, from the warm pool, or started. Rejects with LeaseError.
   * @param ahead no call waits for it: where the function has all instances that it may have, none makes room. Default false
   */
  acquire(target: Target, ahead?: boolean): Promise<Lease>;
  /** True when an instance of the target is loaded and nobody has it: `acquire` grants it at once. */
  ready(target: Target): boolean;
  /** Gives an instance back; it is stopped in good order (calls in flight finish, STOP, grace, destroy). */
  release(lease: Lease): Promise<void>;
  /** Ends an instance at once because it hangs or breaks rules; what is in flight fails with `kind`. */
  kill(lease: Lease, kind: FailureKind): Promise<void>;
  /** Keeps instances of a target loaded, whether they are leased or not (guide 3.10). Replaces what was said before. */
  reserve(target: Target, wish: Wish): void;
  /**
   * The revision that calls of a version go to while the instances that are reserved of a newer one get ready; undefined when they go to
   * the newest. `newest` is the newest target's key.
   */
  standIn(line: string, newest: string): Target | undefined;
  /** Called with the function's key when what `standIn` says of it changed. */
  onTurn(listener: (functionKey: string) => void): void;
  /** Instances now alive, for listings and metrics. */
  instances(): readonly InstanceView[];
  /** Retires one instance; running calls finish, and what is reserved is started anew. False when none of that id is ready or ends already. */
  end(instanceId: string): boolean;
  /** Takes no more requests for instances, lets calls in flight finish within the grace, then ends everything. */
  close(): Promise<void>;
}

export interface InstanceView {
  readonly id: string;
  readonly target: string;
  /** `<project>/<package>/<name>` */
  readonly functionKey: string;
  readonly version: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly inFlight: number;
  readonly reserved: boolean;
  /** Its CPU is paused because nothing calls it (idle mode of reserved instances). */
  readonly paused: boolean;
  readonly state: "starting" | "ready" | "stopping";
  /** Epoch ms. */
  readonly startedAt: number;
}
