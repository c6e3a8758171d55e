import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { RUNTIMES } from "../../model/runtimes.ts";
import type { Driver } from "../../platform/drivers/driver.ts";
import { until } from "../scheduler/fixtures.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

/** One driver to try, and how its functions say things. */
export interface Subject {
  readonly driver: Driver;
  /** Writes code where the driver finds it; returns its folder. */
  code(name: string, source: string): string;
  /** JavaScript that writes text to standard output, and that ends the instance. */
  readonly print: (text: string) => string;
  readonly exit: (code: number) => string;
  /** What the driver left behind, after `close`. */
  leftovers(): string[] | Promise<string[]>;
  /** Removes the subject's own folders. */
  remove(): void;
}

/** What every driver must do. `make` gives a fresh driver each time. */
export function driverContract(name: string, make: () => Promise<Subject>): void {
  async function withSubject(use: (subject: Subject) => Promise<void>): Promise<void> {
    const subject = await make();
    try {
      await use(subject);
    } finally {
      await subject.driver.close();
      const left = await subject.leftovers();
      subject.remove();
      expect(left).toEqual([]);
    }
  }

  describe(`driver contract: ${name}`, () => {
    test("says what it can and lists every runtime with the program that runs it or the reason why not", () =>
      withSubject(async ({ driver }) => {
        const rows = await driver.runtimes();
        expect(rows.map(({ runtime }) => runtime)).toEqual(RUNTIMES.map((row) => row.name));
        for (const row of rows) expect(row.detail).not.toBe("");
        for (const sentence of driver.capabilities.missing) expect(sentence).toMatch(/\.$/);
      }));

    test("an instance greets, is claimed, and answers with its code", () =>
      withSubject(async (subject) => {
        await using tenant = await Tenant.start(subject.driver);
        await tenant.claim(subject.code("a", OPEN_DOOR));
        expect(await tenant.run("return 6 * 7")).toBe(42);
      }));

    test("reads what the instance prints", () =>
      withSubject(async (subject) => {
        await using tenant = await Tenant.start(subject.driver);
        await tenant.claim(subject.code("a", OPEN_DOOR));
        await tenant.run(subject.print("hello from inside"));
        await until(() => tenant.output.includes("hello from inside"), "the output");
      }));

    test("tells how an instance ended", () =>
      withSubject(async (subject) => {
        await using tenant = await Tenant.start(subject.driver);
        await tenant.claim(subject.code("a", OPEN_DOOR));
        const call = tenant.call({ js: subject.exit(7) });
        expect(await tenant.end()).toEqual({
          code: 7,
          signal: null,
          outOfMemory: false,
          temporaryFull: false,
        });
        expect((await call).failure).toBe("crash");
      }));

    test("destroy ends an instance, generic or claimed, and may be called twice", () =>
      withSubject(async (subject) => {
        const generic = await Tenant.start(subject.driver);
        const claimed = await (await Tenant.start(subject.driver)).claim(subject.code("a", OPEN_DOOR));
        await Promise.all([
          generic.instance.destroy(),
          claimed.instance.destroy(),
          claimed.instance.destroy(),
        ]);
        await claimed.instance.destroy();
        await Promise.all([generic.end(), claimed.end()]);
      }));

    test("usage tells memory", () =>
      withSubject(async (subject) => {
        await using tenant = await Tenant.start(subject.driver);
        await tenant.claim(subject.code("a", OPEN_DOOR));
        expect((await tenant.instance.usage()).memoryBytes).toBeGreaterThan(1024 * 1024);
      }));

    test("destroy ends what the instance started", () =>
      withSubject(async (subject) => {
        if (subject.driver.capabilities.isolation.length === 0) return;
        const seconds = `${process.pid}.25`;
        await using tenant = await Tenant.start(subject.driver);
        await tenant.claim(subject.code("a", OPEN_DOOR));
        await tenant.run(`require("child_process").spawn("sleep", ["${seconds}"])`);
        await until(() => sleepers(seconds).length === 1, "the child runs");
        await tenant.instance.destroy();
        await until(() => sleepers(seconds).length === 0, "the child is gone");
      }));

    test("the memory limit ends an instance and is told from other ends", () =>
      withSubject(async (subject) => {
        if (!subject.driver.capabilities.limitsMemory) return;
        await using tenant = await Tenant.start(subject.driver);
        await tenant.claim(subject.code("a", OPEN_DOOR), 128);
        // The kernel would bear it where its line leaves room for a full /tmp.
        const eats =
          "const a = []; for (let n = 0; n < 75; n++) { a.push(Buffer.alloc(1 << 22, 1)); await 0; }";
        void tenant.call({
          js: `${eats} await new Promise((done) => setTimeout(done, 1e9)); return a.length;`,
        });
        expect(await tenant.end()).toMatchObject({ outOfMemory: true });
      }));

    test("a paused instance stands still and goes on when it is resumed", () =>
      withSubject(async (subject) => {
        if (!subject.driver.capabilities.canPause) return;
        await using tenant = await Tenant.start(subject.driver);
        await tenant.claim(subject.code("a", OPEN_DOOR));
        await tenant.instance.pause();
        expect((await tenant.call({ js: "return 1" }, 300)).failure).toBe("timeout");
        await tenant.instance.resume();
        expect(await tenant.run("return 2")).toBe(2);
        await tenant.instance.pause();
      }));

    test("refuses what it does not know with a reason", () =>
      withSubject(async ({ driver }) => {
        if (driver.capabilities.isolation.length === 0) return;
        await expect(driver.create({ id: "x", runtime: "Cobol1" })).rejects.toThrow(
          /no runtime named "Cobol1"/,
        );
        for (const row of (await driver.runtimes()).filter(({ available }) => !available))
          await expect(driver.create({ id: "x", runtime: row.runtime })).rejects.toThrow(row.detail);
      }));

    test("recover leaves living instances alone, and close ends every one", () =>
      withSubject(async (subject) => {
        const tenants = await Promise.all([1, 2, 3].map(() => Tenant.start(subject.driver)));
        await subject.driver.recover();
        await tenants[0]?.claim(subject.code("a", OPEN_DOOR));
        expect(await tenants[0]?.run("return 1")).toBe(1);
        await subject.driver.close();
        await Promise.all(tenants.map((tenant) => tenant.end()));
      }));
  });
}

/** Living `sleep` processes of the whole machine with this number of seconds. */
export function sleepers(seconds: string): number[] {
  return execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.trim().endsWith(` sleep ${seconds}`))
    .map((line) => Number.parseInt(line, 10));
}
