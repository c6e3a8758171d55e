import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { EngineError, type Engine } from "./engine.ts";

interface Mount {
  readonly Source: string;
  readonly Destination: string;
}

/** Translates the platform's paths into those of the engine's machine: they differ when the platform runs in a container itself. */
export class HostPaths {
  readonly #mounts: readonly Mount[];

  private constructor(mounts: readonly Mount[]) {
    // The innermost mount decides.
    this.#mounts = mounts.toSorted((a, b) => b.Destination.length - a.Destination.length);
  }

  /** Asks the engine whether this process runs in one of its containers. */
  static async open(engine: Engine): Promise<HostPaths> {
    const container = ownContainer();
    if (container === undefined) return new HostPaths([]);
    try {
      const path = `/containers/${container}/json`;
      const { Mounts } = await engine.ask<{ Mounts: Mount[] }>({ method: "GET", path });
      return new HostPaths(Mounts);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return new HostPaths([]);
      throw error;
    }
  }

  /** True when the platform runs in a container. */
  get inContainer(): boolean {
    return this.#mounts.length > 0;
  }

  /** @throws Error when the engine cannot see the path */
  onHost(path: string): string {
    if (!this.inContainer) return path;
    for (const { Source, Destination } of this.#mounts) {
      const inside = relative(Destination, path);
      if (!inside.startsWith("..")) return join(Source, inside);
    }
    throw new Error(
      `the folder ${path} lies inside the platform's own container, where functions cannot see it. Put the data folder on a volume.`,
    );
  }
}

/** Id of the container that this process runs in; undefined outside. Engines mount files like /etc/hosts from a folder that is named after the container. */
export function ownContainer(): string | undefined {
  try {
    const mounts = readFileSync("/proc/self/mountinfo", "utf8");
    return /\/containers\/([0-9a-f]{64})\//.exec(mounts)?.[1];
  } catch {
    // No such file outside of Linux, and no containers of it either.
    return undefined;
  }
}
