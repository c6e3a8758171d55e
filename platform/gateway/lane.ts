import type { FailureKind } from "../../model/failure.ts";
import { LeaseError, type Lease, type Scheduler } from "../scheduler/scheduler.ts";
import type { Target } from "../scheduler/target.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { failureBody } from "../link/runtime-failure.ts";
import type { Share } from "./admission.ts";
import type { GatewayCall } from "./gateway-call.ts";
import { Pace } from "./pace.ts";
import { OVERLOAD } from "./refusal.ts";
import { Ring } from "./ring.ts";
import { Seat, type SeatOwner } from "./seat.ts";
import type { Habit } from "./warmth.ts";
import { LEAST_MS } from "./idle-times.ts";

/** Instances that may start at the same time while few run; more when more run, so that growth doubles. */
const STARTS_AT_ONCE = 4;
/** A wait up to this long costs less than an instance. */
const WORTH_WAITING_MS = 25;
/** Seats looked at to hand a call ahead. */
const AHEAD_TRIES = 4;
/** No new try for an instance this long after one failed. */
const HOLD_MS = 100;
/** No instance is started ahead of calls this long after one could not be. */
const DISCOURAGED_MS = 300_000;
const LEVEL_ERROR = 4;

/** What all lanes share. */
export interface LaneContext {
  readonly scheduler: Scheduler;
  readonly telemetry: Telemetry;
  /** Calls that may wait in one lane. */
  readonly queueLength: number;
  /** A call waits no longer than this for a running instance. */
  readonly queueMs: number;
  /** A call began to wait: the lane's `tick` is to be called. */
  wake(lane: Lane): void;
  /** Something went wrong that no caller waits for. */
  readonly problem: (error: unknown) => void;
}

/** The leased instances of one target and the calls that wait for one. */
export class Lane implements SeatOwner {
  readonly target: Target;
  readonly telemetry: Telemetry;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly share: Share;
  running = 0;
  /** The target is not the newest any more: instances are given back as soon as nothing waits. */
  stale = false;
  /** When its calls come, where that is learned. */
  habit: Habit | undefined = undefined;
  /** performance.now() when a call ended last; 0 before the first. */
  freedAt = 0;
  readonly #context: LaneContext;
  readonly #maxInstances: number;
  readonly #pace = new Pace();
  readonly #seats: Seat[] = [];
  /** Seats with room, the most recently used last. */
  readonly #free: Seat[] = [];
  /** Likewise, of reserved instances: calls go there first (guide 3.10). */
  readonly #freeReserved: Seat[] = [];
  readonly #queue = new Ring<GatewayCall>();
  #starting = 0;
  #cursor = 0;
  #holdUntil = 0;
  /** performance.now() until which a call is expected. */
  #expectedUntil = 0;
  /** performance.now() until which no instance is started ahead of calls. */
  #discouragedUntil = 0;

  constructor(target: Target, share: Share, context: LaneContext) {
    this.target = target;
    this.telemetry = context.telemetry;
    this.concurrency = target.spec.concurrency;
    this.timeoutMs = target.spec.timeoutSeconds * 1000;
    this.#context = context;
    this.share = share;
    this.#maxInstances = target.spec.maxInstances < 0 ? Infinity : target.spec.maxInstances;
  }

  /** Nothing runs, waits or starts here, and no instance is held. */
  get empty(): boolean {
    return this.#seats.length === 0 && this.#queue.length === 0 && this.#starting === 0;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes a call: runs it now, lets it wait, or rejects it. */
  push(call: GatewayCall): void {
    call.functionKey = this.target.functionKey;
    call.version = this.target.version;
    call.memoryMb = this.target.memoryMb;
    const seat = this.#queue.length === 0 && this.share.open ? this.#takeFree() : undefined;
    if (seat === undefined) this.#enqueue(call);
    else this.#send(seat, call);
  }

  /** Hands waiting calls to seats with room. */
  pull(): void {
    while (this.#queue.length > 0 && this.share.open) {
      const seat = this.#takeFree();
      const call = seat && this.#next();
      if (seat === undefined || call === undefined) break;
      this.#send(seat, call);
    }
    if (this.#queue.length === 0) return;
    if (!this.share.open) this.share.wait(this);
    this.#grow(performance.now());
  }

  freed(seat: Seat, durationMicros: number): void {
    this.#pace.measured(durationMicros);
    const now = (this.freedAt = performance.now());
    if (seat.usable) this.#feed(seat);
    else this.#drop(seat);
    this.share.leave(now);
  }

  returned(call: GatewayCall): void {
    this.#queue.unshift(call);
    this.#context.wake(this);
    this.share.leave(performance.now());
  }

  stuck(seat: Seat): void {
    if (this.concurrency > 1 && seat.inFlight > 0) return;
    this.#end(seat, "timeout", "the instance was ended because a call ran past its time");
  }

  cancel(seat: Seat): void {
    seat.closed = true;
    this.#end(seat, "cancelled", "the instance was ended because the request was cancelled");
  }

  /** Looks at waiting calls: rejects those that waited too long, starts instances where that helps. */
  tick(now: number): void {
    if (this.#starting === 0) this.#expire(now);
    if (this.#queue.length > 0) this.pull();
  }

  /** Gives back instances that had no call since `before` (performance.now()), but one while a call is likely. */
  sweep(before: number): void {
    const idle = this.#seats.filter((seat) => seat.inFlight === 0 && (this.stale || !seat.lease.reserved));
    const kept = this.stale ? undefined : this.#last(idle);
    for (const seat of idle)
      if (seat === kept ? this.#unlikely(seat, before) : this.stale || seat.idleSince <= before)
        this.#release(seat);
  }

  /** Has an instance ready when a call is likely by the lane's habit, or is expected until a time (performance.now()). */
  warmUp(until = 0): void {
    if (until > 0) this.#expectedUntil = until;
    const now = performance.now();
    const likely = now < this.#expectedUntil || (this.habit?.known === true && this.habit.wanted);
    if (!likely || this.stale || this.#seats.length > 0 || this.#starting > 0) return;
    if (now < this.#discouragedUntil || this.#context.scheduler.ready(this.target)) return;
    this.#starting++;
    this.#context.scheduler.acquire(this.target, true).then(
      (lease) => this.#arrived(lease, now),
      (error: unknown) => {
        this.#discouragedUntil = performance.now() + DISCOURAGED_MS;
        this.#missed(error);
      },
    );
  }

  /** The seat that the next call would take, when all are without calls and none is reserved. */
  #last(idle: readonly Seat[]): Seat | undefined {
    if (idle.length < this.#seats.length) return undefined;
    return idle.reduce<Seat | undefined>(
      (last, seat) => (last === undefined || seat.idleSince > last.idleSince ? seat : last),
      undefined,
    );
  }

  /** True when the last instance may go: no call is likely, or, where nothing is known, none came since `before`. */
  #unlikely({ idleSince }: Seat, before: number): boolean {
    const { habit } = this;
    const now = performance.now();
    if (now < this.#expectedUntil) return false;
    if (habit?.known !== true) return idleSince <= before;
    return !habit.wanted && idleSince <= now - LEAST_MS;
  }

  /** A newer revision took the target's place. */
  retire(): void {
    this.stale = true;
    if (this.#queue.length === 0) this.sweep(0);
  }

  #end(seat: Seat, kind: FailureKind, message: string): void {
    seat.lease.link.close(kind, message);
    this.#context.scheduler.kill(seat.lease, kind).catch(this.#context.problem);
  }

  #send(seat: Seat, call: GatewayCall): void {
    this.share.enter();
    seat.send(call);
  }

  #takeFree(): Seat | undefined {
    if (this.#freeReserved.length > 0) return this.#topOf(this.#freeReserved) ?? this.#topOf(this.#free);
    return this.#topOf(this.#free);
  }

  #topOf(free: Seat[]): Seat | undefined {
    for (;;) {
      const seat = free.at(-1);
      if (seat === undefined) return undefined;
      if (seat.inFlight + 1 >= this.concurrency || !seat.usable) {
        free.pop();
        seat.free = undefined;
        if (!seat.usable || seat.inFlight >= this.concurrency) continue;
      }
      return seat;
    }
  }

  #next(): GatewayCall | undefined {
    for (;;) {
      const call = this.#queue.shift();
      if (call === undefined || !call.abandoned()) return call;
      call.reject(OVERLOAD);
    }
  }

  #enqueue(call: GatewayCall): void {
    if (this.#queue.length >= this.#context.queueLength) this.#forget();
    if (this.#queue.length >= this.#context.queueLength) return this.#reject(call);
    const now = performance.now();
    call.queuedAt = now;
    this.#queue.push(call);
    this.#context.wake(this);
    if (!this.share.open) return this.share.wait(this);
    if (this.concurrency === 1 && this.#handAhead()) return;
    this.#grow(now);
  }

  /** Gives the first waiting call to a busy instance whose calls are short: its next frame is there when it is done. */
  #handAhead(): boolean {
    const depth = this.#pace.depth;
    const count = this.#seats.length;
    if (depth === 1 || count === 0) return false;
    for (let tries = Math.min(count, AHEAD_TRIES); tries > 0; tries--) {
      this.#cursor = this.#cursor + 1 < count ? this.#cursor + 1 : 0;
      const seat = this.#seats[this.#cursor];
      if (seat === undefined || !seat.usable || seat.inFlight >= depth) continue;
      this.#feed(seat);
      return this.#queue.length === 0;
    }
    return false;
  }

  /** Fills a seat from the queue and keeps its place among the seats with room. */
  #feed(seat: Seat): void {
    if (this.#queue.length > 0) {
      const room = this.concurrency > 1 ? this.concurrency : this.#pace.depth;
      while (seat.inFlight < room && this.share.open) {
        const call = this.#next();
        if (call === undefined) break;
        this.#send(seat, call);
      }
      if (this.#queue.length > 0 && !this.share.open) this.share.wait(this);
    }
    if (seat.inFlight < this.concurrency && seat.free === undefined && seat.usable) {
      seat.free = seat.lease.reserved ? this.#freeReserved : this.#free;
      seat.free.push(seat);
    }
    if (seat.inFlight > 0) return;
    seat.idleSince = performance.now();
    if (this.stale && this.#queue.length === 0) this.#release(seat);
  }

  #grow(now: number): void {
    while (this.#wantsInstance(now)) {
      this.#starting++;
      this.#context.scheduler.acquire(this.target).then(
        (lease) => this.#arrived(lease, now),
        (error: unknown) => this.#missed(error),
      );
    }
  }

  #wantsInstance(now: number): boolean {
    const held = this.#seats.length;
    const waiting = this.#queue.length;
    if (waiting <= this.#starting * this.concurrency || held + this.#starting >= this.#maxInstances)
      return false;
    // One instance shows how long calls take; a burst of short ones needs no more.
    if (this.#starting >= (held === 0 ? 1 : Math.max(STARTS_AT_ONCE, held)) || !this.share.open) return false;
    if (now < this.#holdUntil) return false;
    // A reserved one is there already, and goes before those of others.
    if (held === 0 || this.#context.scheduler.ready(this.target)) return true;
    // While calls keep ending, a long wait is the machine's fault, and one more process makes it longer.
    const stalled = now - Math.max(this.#queue.peek()?.queuedAt ?? now, this.freedAt);
    const wait = this.#pace.waitMs(waiting, held * this.concurrency);
    return Math.max(stalled, wait) > Math.max(this.#pace.startMs, WORTH_WAITING_MS);
  }

  #arrived(lease: Lease, askedAt: number): void {
    this.#starting--;
    // A reserved one was there already.
    if (!lease.reserved) this.#pace.started(performance.now() - askedAt);
    const seat = new Seat(lease, this);
    this.#seats.push(seat);
    lease.onLost(() => {
      if (!seat.closed && !lease.link.open) this.#pace.crashed();
      seat.closed = true;
      this.#drop(seat);
    });
    if (seat.usable) this.#feed(seat);
    else this.#drop(seat);
    // More reserved ones may be there; of others this one shows first how long calls take.
    if (this.#queue.length > 0 && this.#context.scheduler.ready(this.target)) this.#grow(performance.now());
  }

  #missed(error: unknown): void {
    this.#starting--;
    // Without room for an instance, calls wait for it as they wait for a busy one.
    const full = error instanceof LeaseError && error.kind === "capacity";
    const served = this.#seats.length > 0 || this.#starting > 0;
    if (full || served) this.#holdUntil = performance.now() + HOLD_MS;
    if (!(error instanceof LeaseError)) this.#context.problem(error);
    if (full || served) return;
    for (let call = this.#next(); call !== undefined; call = this.#next()) this.#answerMissed(call, error);
  }

  #answerMissed(call: GatewayCall, error: unknown): void {
    const kind = error instanceof LeaseError && error.kind !== "capacity" ? error.kind : "system";
    const message = error instanceof Error ? error.message : String(error);
    const body =
      error instanceof LeaseError && error.body.length > 0 ? error.body : failureBody(kind, message);
    call.startedAt = Date.now();
    call.failure = kind;
    const { functionKey, version } = this.target;
    this.telemetry.line(functionKey, version, call.requestId, "", LEVEL_ERROR, body.toString());
    this.telemetry.ended(call);
    call.answerFailure(kind, body);
  }

  #reject(call: GatewayCall): void {
    this.telemetry.rejected(this.target.functionKey, this.target.version);
    call.reject(OVERLOAD);
  }

  /** Drops waiting calls whose callers are gone. */
  #forget(): void {
    this.#queue.retain((call) => {
      const gone = call.abandoned();
      if (gone) call.reject(OVERLOAD);
      return !gone;
    });
  }

  #expire(now: number): void {
    const before = now - this.#context.queueMs;
    for (;;) {
      const call = this.#queue.peek();
      if (call === undefined || call.queuedAt > before) return;
      this.#queue.shift();
      this.#reject(call);
    }
  }

  /** Takes a seat out; what waits may need another instance. */
  #drop(seat: Seat): void {
    const at = this.#seats.indexOf(seat);
    if (at !== -1) this.#seats.splice(at, 1);
    seat.free?.splice(seat.free.indexOf(seat), 1);
    seat.free = undefined;
    if (this.#queue.length > 0) this.#grow(performance.now());
  }

  #release(seat: Seat): void {
    seat.closed = true;
    this.#drop(seat);
    this.#context.scheduler.release(seat.lease).catch(this.#context.problem);
  }
}
