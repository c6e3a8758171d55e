import type { FailureKind } from "../../model/failure.ts";
import type { Link } from "../link/link.ts";
import type { Target } from "./target.ts";

/** A loaded and initialized instance, granted to one gateway. */
export interface Lease {
  readonly instanceId: string;
  readonly target: Target;
  readonly link: Link;
  /** True when the instance came from a reserved count; the gateway never gives it back for being idle. */
  readonly reserved: boolean;
  /** Called once when the instance is gone; calls in flight were failed before with the right kind. */
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

/** Owns instances; the gateway asks it only when it has no free slot. */
export interface Scheduler {
  /** A loaded instance for the target: from the warm pool, or started. Rejects with LeaseError. */
  acquire(target: Target): Promise<Lease>;
  /** Gives an instance back; it is stopped in good order (STOP, grace, destroy). */
  release(lease: Lease): Promise<void>;
  /** Ends an instance at once because it hangs or breaks rules; what is in flight fails with `kind`. */
  kill(lease: Lease, kind: FailureKind): Promise<void>;
  /** Instances now alive, for listings and metrics. */
  instances(): readonly InstanceView[];
  /** Retires every instance of a function (code or configuration changed, or deleted); running calls finish. */
  retire(functionKey: string): Promise<void>;
  close(): Promise<void>;
}

export interface InstanceView {
  readonly id: string;
  readonly target: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly inFlight: number;
  readonly state: "starting" | "ready" | "stopping";
  readonly startedAt: number;
}
