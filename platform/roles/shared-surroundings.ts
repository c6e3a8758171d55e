import { isDeepStrictEqual } from "node:util";
import { Arrangements, type Reasons } from "../cluster/arrangements.ts";
import { EngineUse } from "../cluster/engine-use.ts";
import type { DriverHost } from "../drivers/remote/driver-host.ts";
import { inForce, type Surroundings, UnmadeError, type VpcKeeper } from "../drivers/surroundings.ts";
import { declaredSurroundings, discardShare, makeShares, type SurroundingsKeeper } from "../surroundings.ts";
import type { ClusterGround } from "./cluster-ground.ts";

/** So often what this process has put in force is compared with what is declared: changes that nobody asked it for. */
const LOOK_MS = 5_000;
const ADDRESS = "engine";

/** What they stand on. */
export interface SharedGround {
  readonly ground: Pick<ClusterGround, "addresses" | "members" | "postgres" | "settings" | "store">;
  readonly host: DriverHost;
  readonly keeper: VpcKeeper;
  /** Folder that all schedulers share. */
  readonly filesDir: string;
}

/** Networks and file systems of functions, which schedulers keep together: those of one engine one after the other. */
export class SharedSurroundings implements SurroundingsKeeper {
  readonly #parts: SharedGround;
  readonly #use: EngineUse;
  readonly #arrangements: Arrangements;
  /** What there is of it. */
  #now: Surroundings = { vpcs: [], fileSystems: [] };
  /** What was declared when it was brought about last. */
  #declared: Surroundings | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Made before the process joins. */
  constructor(parts: SharedGround) {
    const { ground, keeper } = parts;
    const { postgres, members, addresses } = ground;
    this.#parts = parts;
    this.#use = new EngineUse(postgres, keeper.engine, () => (this.#declared = undefined));
    addresses[ADDRESS] = keeper.engine;
    this.#arrangements = new Arrangements({
      postgres,
      members,
      address: ADDRESS,
      arrange: () => this.#arrangeHere(),
    });
  }

  /** Puts in force what is declared now, and from now on what will be. The process has joined. */
  async start(): Promise<void> {
    await this.#use.begun;
    await this.#follow();
  }

  /** In the leader: everywhere. */
  async arrange(): Promise<void> {
    demandAll(await this.#arrangements.ask());
  }

  discard(fileSystemId: string): Promise<void> {
    return discardShare(this.#parts.filesDir, fileSystemId);
  }

  /** No instance is left. Removes the networks where no other scheduler uses the engine; what cannot be removed the next start takes over. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#last;
    const { keeper, ground } = this.#parts;
    await this.#use.leave(() => keeper.keep([])).catch(ground.settings.problem);
    keeper.close();
  }

  /** What nobody waits for is told as a problem. */
  async #follow(): Promise<void> {
    try {
      await this.#last;
      if (!isDeepStrictEqual(this.#declared, this.#read())) demandAll(await this.#arrangeHere());
    } catch (error) {
      this.#parts.ground.settings.problem(error);
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#follow(), LOOK_MS).unref();
  }

  /** One call after the other. */
  #arrangeHere(): Promise<Reasons> {
    const turn = this.#last.then(() => this.#bring());
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #bring(): Promise<Reasons> {
    const { host, ground } = this.#parts;
    let declared = this.#read();
    const reasons = await this.#use.arrange({
      // Whoever is behind would remove what another has just made.
      change: async () => {
        await ground.store.catchUp();
        declared = this.#read();
        return ground.store.applied;
      },
      make: () => this.#make(declared),
      // Who comes new does not trust what others have seen.
      anew: this.#declared === undefined,
    });
    this.#declared = declared;
    this.#now = inForce(declared, this.#now.vpcs, { reasons });
    await host.arrange(this.#now);
    return reasons;
  }

  async #make(declared: Surroundings): Promise<Reasons> {
    makeShares(declared);
    try {
      await this.#parts.keeper.keep(declared.vpcs);
      return new Map();
    } catch (error) {
      if (error instanceof UnmadeError) return error.reasons;
      throw error;
    }
  }

  #read(): Surroundings {
    const { ground, filesDir } = this.#parts;
    return declaredSurroundings(ground.store.facilities, filesDir);
  }
}

/** @throws UnmadeError */
function demandAll(reasons: Reasons): void {
  if (reasons.size > 0) throw new UnmadeError(reasons);
}
