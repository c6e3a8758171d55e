import { createHash } from "node:crypto";
import { EngineError, type Engine } from "./engine.ts";
import { LABEL } from "./container-plan.ts";
import { closeMachine, openMachine } from "./firewall.ts";

/** The network of one platform's functions: each reaches the world and the platform reaches each, and none reaches another. */
export class FunctionNetwork {
  readonly name: string;
  /** True when functions reach no port of the machine itself. */
  readonly machineClosed: boolean;
  readonly #engine: Engine;
  readonly #mark: string;

  private constructor(engine: Engine, parts: { name: string; mark: string; machineClosed: boolean }) {
    this.#engine = engine;
    this.name = parts.name;
    this.#mark = parts.mark;
    this.machineClosed = parts.machineClosed;
  }

  /** @param labels those of the platform. @param run name of its run, unique on this engine */
  static async create(
    engine: Engine,
    labels: Readonly<Record<string, string>>,
    run: string,
  ): Promise<FunctionNetwork> {
    const name = networkName(run);
    const bridge = bridgeName(run);
    await engine.ask({
      method: "POST",
      path: "/networks/create",
      json: {
        Name: name,
        CheckDuplicate: true,
        Driver: "bridge",
        Labels: labels,
        Options: {
          "com.docker.network.bridge.enable_icc": "false",
          "com.docker.network.bridge.name": bridge,
        },
      },
    });
    const mark = ruleMark(labels[LABEL.home] ?? "", run);
    return new FunctionNetwork(engine, {
      name,
      mark,
      machineClosed: await closeMachine({ bridge, closed: false }, mark),
    });
  }

  /** Its containers are gone. */
  async remove(): Promise<void> {
    if (this.machineClosed) await openMachine((mark) => mark === this.#mark);
    await this.#engine.ask({ method: "DELETE", path: `/networks/${this.name}` });
  }
}

/** Removes the network of an earlier run and its rules, unless containers are left in it that were taken over. */
export async function clearNetwork(engine: Engine, home: string, run: string): Promise<void> {
  try {
    await engine.ask({ method: "DELETE", path: `/networks/${networkName(run)}` });
  } catch (error) {
    if (!(error instanceof EngineError) || ![403, 404].includes(error.status)) throw error;
    if (error.status === 403) return;
  }
  await openMachine((mark) => mark === ruleMark(home, run));
}

/** The functions' network of a run. */
export function networkName(run: string): string {
  return `fungraph-${run}`;
}

/** Of the interface of a network: it may have 15 characters. */
export function bridgeName(network: string): string {
  return `fg${createHash("sha256").update(network).digest("hex").slice(0, 12)}`;
}

/** Stands in the place of a run for VPCs, which outlive runs. */
export const VPC_RULES = "vpc";

/** How firewall rules name the platform they belong to. @param home hash of its folder. @param run name of its run */
export function ruleMark(home: string, run: string): string {
  return `${home}/${run}`;
}
