import { readlinkSync } from "node:fs";
import { release } from "node:os";
import type { Capabilities } from "../driver.ts";
import type { HostPaths } from "./host-paths.ts";

/** The machine's own: a number that the kernel never changes. */
const FIRST_PROCESS_NAMESPACE = "pid:[4026531836]";

/** What the engine says of itself. */
export interface EngineFacts {
  /** Of this engine for good. */
  readonly ID: string;
  readonly OSType: string;
  readonly Architecture: string;
  readonly KernelVersion: string;
  readonly SecurityOptions: readonly string[];
  readonly PidsLimit: boolean;
  readonly MemoryLimit: boolean;
}

/** @throws Error that says why functions cannot run there */
export function checkEngine({ OSType, Architecture, MemoryLimit, PidsLimit }: EngineFacts): void {
  if (OSType !== "linux" || !["x86_64", "amd64"].includes(Architecture))
    throw new Error(
      `Functions run on linux/x86_64, and this Docker Engine is ${OSType}/${Architecture}. Set DOCKER_HOST to one that is.`,
    );
  if (!MemoryLimit || !PidsLimit)
    throw new Error(
      "This Docker Engine cannot limit memory or processes. Switch the memory and pids control groups on for its kernel.",
    );
}

/** This process sees all processes of the engine's machine; in a container of its own it counts them in another way, unless told to share. */
export function seesInside({ KernelVersion }: EngineFacts, { inContainer }: HostPaths): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || release() !== KernelVersion) return false;
  return !inContainer || readlinkSync("/proc/self/ns/pid") === FIRST_PROCESS_NAMESPACE;
}

/** What is in force and what is missing. @param found beside what the engine says of itself */
export function capabilitiesOf(
  { SecurityOptions }: EngineFacts,
  { inside, closed, fonts }: { inside: boolean; closed: boolean; fonts: boolean },
): Capabilities {
  const seccomp = SecurityOptions.some((option) => option.startsWith("name=seccomp"));
  return {
    isolation: [
      "container of its own",
      "network without a way to other functions",
      "user without capabilities or a way to get some",
      "read-only code and system",
      "private /tmp with a size limit",
      "memory, CPU, process and file limits",
      ...(seccomp ? ["system call filter"] : []),
      ...(closed ? ["firewall before the machine's own ports"] : []),
    ],
    missing: [
      ...(seccomp
        ? []
        : ["system call filter: this Docker Engine was built without seccomp; use one that has it."]),
      ...(inside
        ? []
        : [
            "memory apart from /tmp: files in /tmp count as memory of the function. Run the platform as root on the engine's machine, in a container with its process namespace (--pid host).",
          ]),
      ...(closed
        ? []
        : [
            "firewall before the machine's own ports: functions reach what listens on all of its addresses. Run the platform as root on the engine's machine, with iptables installed.",
          ]),
      ...(fonts ? [] : ["Chinese fonts: they were not built. Run: fungraph images build fonts."]),
    ],
    canPause: true,
    limitsMemory: true,
  };
}
