import { open, statfs, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { LIMITS } from "../../../model/limits.ts";
import { Cgroup } from "../machine/cgroups.ts";
import type { Claim, Usage } from "../driver.ts";

const MB = 1024 * 1024;
/** Less than this is left of /tmp: it counts as full. */
const FULL_BYTES = 64 * 1024;

/**
 * What the machine tells of a container beside the engine, which is slow to answer and does not tell /tmp from memory. Needs a platform that
 * sees the containers' processes and control groups: root, on the engine's machine or in a container with its process namespace.
 */
export class Vitals {
  readonly #group: Cgroup;
  readonly #temporary: FileHandle;

  private constructor(group: Cgroup, temporary: FileHandle) {
    this.#group = group;
    this.#temporary = temporary;
  }

  /** @param pid a process of the container, as the engine's machine counts. Undefined where this machine does not show it. */
  static async open(container: string, pid: number): Promise<Vitals | undefined> {
    const group = Cgroup.of(pid);
    // Where this process counts processes in another way than the engine, that number is somebody else's.
    if (group?.folders[0]?.includes(container) !== true) return undefined;
    try {
      // The open folder still answers when the container is gone.
      return new Vitals(group, await open(join("/proc", String(pid), "root", "tmp")));
    } catch {
      return undefined;
    }
  }

  /** Limits CPU, and memory with room for a full /tmp. False where this process may not. */
  limit({ memoryMb, cpuMillicores }: Pick<Claim, "memoryMb" | "cpuMillicores">): boolean {
    try {
      this.#group.limitMemory(memoryMb + LIMITS.temporaryBytes / MB);
      this.#group.limitCpu(cpuMillicores);
      return true;
    } catch {
      // Inside a container of the platform's own, control groups may be seen and not changed.
      return false;
    }
  }

  async usage(): Promise<Usage> {
    const [all, temporaryBytes] = await Promise.all([this.#group.memoryBytes(), this.#temporaryBytes()]);
    return { memoryBytes: Math.max(0, all - temporaryBytes), temporaryBytes };
  }

  async temporaryFull(): Promise<boolean> {
    return LIMITS.temporaryBytes - (await this.#temporaryBytes()) < FULL_BYTES;
  }

  close(): Promise<void> {
    return this.#temporary.close();
  }

  async #temporaryBytes(): Promise<number> {
    const { bsize, blocks, bfree } = await statfs(`/proc/self/fd/${this.#temporary.fd}`);
    return (blocks - bfree) * bsize;
  }
}
