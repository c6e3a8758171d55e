import type { Engine } from "./engine.ts";

/** The network of one platform's functions: each reaches the world and the platform reaches each, and none reaches another. */
export class FunctionNetwork {
  readonly name: string;
  readonly #engine: Engine;

  private constructor(engine: Engine, name: string) {
    this.#engine = engine;
    this.name = name;
  }

  /** @param labels those of the platform. @param run name of its run, unique on this engine */
  static async create(
    engine: Engine,
    labels: Readonly<Record<string, string>>,
    run: string,
  ): Promise<FunctionNetwork> {
    const name = `fungraph-${run}`;
    await engine.ask({
      method: "POST",
      path: "/networks/create",
      json: {
        Name: name,
        CheckDuplicate: true,
        Driver: "bridge",
        Labels: labels,
        Options: { "com.docker.network.bridge.enable_icc": "false" },
      },
    });
    return new FunctionNetwork(engine, name);
  }

  /** Its containers are gone. */
  async remove(): Promise<void> {
    await this.#engine.ask({ method: "DELETE", path: `/networks/${this.name}` });
  }
}
