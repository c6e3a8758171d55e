import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { until } from "../scheduler/fixtures.ts";
import { controlGroups, leftoversOf, processSubject, type ProcessSubject } from "./subjects.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

const probe = await processSubject("auto");
const sandboxed = probe.driver.capabilities.limitsMemory;
await probe.driver.close();
probe.remove();
if (!sandboxed) console.log(`tests of ready sandboxes are skipped: ${probe.driver.capabilities.missing[0]}`);

/** Kept of each interpreter (platform/drivers/process/sandbox-stock.ts). */
const STOCK = 2;
const MB = 1 << 20;

async function withSubject(use: (subject: ProcessSubject) => Promise<void>): Promise<void> {
  const subject = await processSubject("auto");
  try {
    await use(subject);
  } finally {
    await subject.driver.close();
    expect(leftoversOf(join(subject.folder, "run"))).toEqual([]);
    subject.remove();
  }
}

describe.skipIf(!sandboxed)("sandboxes that are kept ready", () => {
  test("are made after a start, hold hardly any memory, and are what the next starts take", () =>
    withSubject(async (subject) => {
      expect(groups()).toEqual([]);
      const folder = subject.code("a", OPEN_DOOR);
      await using first = await Tenant.start(subject.driver);
      await until(() => ready().length === STOCK, "there is a stock");
      const stock = ready();
      for (const group of stock) expect(memoryOf(group)).toBeLessThan(1.5 * MB);

      await using second = await (await Tenant.start(subject.driver)).claim(folder);
      expect(await second.run("return 6 * 7")).toBe(42);
      expect(ready().filter((group) => stock.includes(group))).toHaveLength(STOCK - 1);
      await until(() => ready().length === STOCK, "the stock is full again");
      expect(await first.instance.usage()).toHaveProperty("memoryBytes");
    }));

  test("are made ahead of the first start of what is expected", () =>
    withSubject(async (subject) => {
      subject.driver.expect("Node.js20.15");
      subject.driver.expect("no runtime at all");
      await until(() => ready().length === STOCK, "there is a stock");
      await using first = await (await Tenant.start(subject.driver)).claim(subject.code("a", OPEN_DOOR));
      expect(await first.run("return 6 * 7")).toBe(42);
    }));

  test("that were ended by somebody are not handed out", () =>
    withSubject(async (subject) => {
      await using first = await Tenant.start(subject.driver);
      await until(() => ready().length === STOCK, "there is a stock");
      const doomed = ready();
      for (const pid of doomed.flatMap(processesOf)) end(pid);
      await until(() => !doomed.some((group) => existsSync(group)), "they are cleared away");
      await using second = await (await Tenant.start(subject.driver)).claim(subject.code("a", OPEN_DOOR));
      expect(await second.run("return 6 * 7")).toBe(42);
      expect(first.output).toBe("");
    }));

  test("give more starts at once than there are in stock a sandbox each", () =>
    withSubject(async (subject) => {
      const folder = subject.code("a", OPEN_DOOR);
      await (await Tenant.start(subject.driver))[Symbol.asyncDispose]();
      const tenants = await Promise.all(
        Array.from({ length: STOCK + 2 }, async () => (await Tenant.start(subject.driver)).claim(folder)),
      );
      const shown = await Promise.all(
        tenants.map((tenant) => tenant.run('return require("fs").readlinkSync("/proc/self/ns/mnt")')),
      );
      expect(new Set(shown).size).toBe(tenants.length);
      await Promise.all(tenants.map((tenant) => tenant[Symbol.asyncDispose]()));
    }));

  test("have all processors while code is loaded, then the function's share", () =>
    withSubject(async (subject) => {
      const codeDir = subject.code("a", OPEN_DOOR);
      const claim = { codeDir, memoryMb: 128, cpuMillicores: 300 };
      const instance = await subject.driver.create({ id: "a", runtime: "Node.js20.15", claim });
      const [group = ""] = groups();
      // The claim that was announced, already begun.
      expect(await instance.claim(claim)).toBe("/opt/function/code");
      expect(shareOf(group)).toBe(undefined);
      instance.settle?.();
      expect(shareOf(group)).toBe(0.3);
      await instance.destroy();
    }));
});

/** Folders of this platform's groups, by number. */
function groups(): string[] {
  const [platform = ""] = controlGroups(process.pid).filter((path) => !path.includes("/cgroup/cpu/"));
  return platform === ""
    ? []
    : readdirSync(platform, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(platform, name))
        .sort();
}

/** Groups of sandboxes without a program. */
function ready(): string[] {
  return groups().filter((group) => {
    const names = processesOf(group).map(nameOf).sort();
    return names.join() === "sh,sh,sh";
  });
}

function processesOf(group: string): number[] {
  const file = join(group, "cgroup.procs");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number) : [];
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The end of another was its end.
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    // It ended in between.
    return "";
  }
}

function memoryOf(group: string): number {
  const file = ["memory.usage_in_bytes", "memory.current"].find((name) => existsSync(join(group, name)));
  return Number(readFileSync(join(group, file ?? ""), "utf8"));
}

/** Of one processor; undefined without a limit. */
function shareOf(group: string): number | undefined {
  const own = group.replace("/cgroup/memory/", "/cgroup/cpu/");
  const [quota = "", period = ""] = existsSync(join(own, "cpu.max"))
    ? readFileSync(join(own, "cpu.max"), "utf8").trim().split(" ")
    : ["cpu.cfs_quota_us", "cpu.cfs_period_us"].map((name) => readFileSync(join(own, name), "utf8").trim());
  return Number(quota) > 0 ? Number(quota) / Number(period) : undefined;
}
