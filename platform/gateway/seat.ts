import type { FailureKind } from "../../model/failure.ts";
import type { Lease } from "../scheduler/scheduler.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { GatewayCall, Station } from "./gateway-call.ts";

/** Times a call may be handed over again after instances ended before it started. */
const RETRIES = 3;

/** What a seat needs of the lane it is in. */
export interface SeatOwner {
  readonly telemetry: Telemetry;
  /** Calls that one instance works on at the same time. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** Calls now at instances of the lane. */
  running: number;
  /** A call left the seat after `durationMicros` of work. */
  freed(seat: Seat, durationMicros: number): void;
  /** A call that was handed ahead and had not started comes back. */
  returned(call: GatewayCall): void;
  /** The seat's instance hangs in a call past its time; it is ended once no other call is left on it. */
  stuck(seat: Seat): void;
  /** A call that has started on the seat's instance was cancelled; the instance is ended. */
  cancel(seat: Seat): void;
}

/** A leased instance and the calls it has. */
export class Seat implements Station {
  readonly lease: Lease;
  readonly #owner: SeatOwner;
  inFlight = 0;
  /** The lane's stack of seats with room that it is in. */
  free: Seat[] | undefined = undefined;
  /** The instance takes no more calls: it is gone, hangs, or is given back. */
  closed = false;
  /** performance.now() since when it has no call. */
  idleSince = performance.now();
  /** A call ran past its time: the instance is ended when it is the last. */
  #overdue = false;
  #first: GatewayCall | undefined = undefined;
  #last: GatewayCall | undefined = undefined;

  constructor(lease: Lease, owner: SeatOwner) {
    this.lease = lease;
    this.#owner = owner;
  }

  get usable(): boolean {
    return !this.closed && this.lease.link.open;
  }

  send(call: GatewayCall): void {
    const owner = this.#owner;
    call.station = this;
    call.instanceId = this.lease.instanceId;
    this.#append(call);
    this.inFlight++;
    owner.running++;
    this.#start(call);
    this.lease.link.invoke(call);
    // Behind a running call the clock does not tick yet.
    if (owner.concurrency === 1 && this.#first !== call) call.deadline = Infinity;
  }

  line(call: GatewayCall, level: number, text: string): void {
    this.#owner.telemetry.line(call.functionKey, call.version, call.requestId, call.instanceId, level, text);
  }

  again(call: GatewayCall): boolean {
    // With concurrency 1 results come in order, so only the first of the seat's calls has started.
    const { concurrency } = this.#owner;
    if (concurrency !== 1 || this.lease.link.open || call === this.#first) return false;
    if (call.retries++ >= RETRIES) return false;
    this.#remove(call);
    call.station = undefined;
    this.inFlight--;
    this.#owner.running--;
    this.#owner.returned(call);
    return true;
  }

  cancel(call: GatewayCall): void {
    // One that was handed ahead has not started: its turn is looked at in `finished`.
    if (this.#owner.concurrency > 1 || call === this.#first) this.#owner.cancel(this);
  }

  finished(
    call: GatewayCall,
    failure: FailureKind | undefined,
    durationMicros: number,
    memoryKib: number,
  ): void {
    const owner = this.#owner;
    call.durationMs = durationMicros / 1000;
    call.memoryUsedMb = memoryKib / 1024;
    call.failure = failure;
    call.concurrency = owner.running;
    owner.telemetry.ended(call);
    this.inFlight--;
    owner.running--;
    if (failure === "timeout") this.#overdue = this.closed = true;
    // The call that ended the instance stays first, so that those behind it are known as not started.
    if (owner.concurrency > 1 || (this.lease.link.open && !this.#overdue)) {
      this.#remove(call);
      if (this.#first !== undefined && owner.concurrency === 1) this.#start(this.#first);
    }
    if (this.#overdue) owner.stuck(this);
    owner.freed(this, durationMicros);
    if (this.#first?.cancelled === true && owner.concurrency === 1 && this.lease.link.open)
      owner.cancel(this);
  }

  #start(call: GatewayCall): void {
    call.startedAt = Date.now();
    call.deadline = performance.now() + this.#owner.timeoutMs;
  }

  #append(call: GatewayCall): void {
    call.previous = this.#last;
    call.next = undefined;
    if (this.#last === undefined) this.#first = call;
    else this.#last.next = call;
    this.#last = call;
  }

  #remove(call: GatewayCall): void {
    if (call.previous === undefined) this.#first = call.next;
    else call.previous.next = call.next;
    if (call.next === undefined) this.#last = call.previous;
    else call.next.previous = call.previous;
    call.previous = undefined;
    call.next = undefined;
  }
}
