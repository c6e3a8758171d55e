import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LABEL } from "../../platform/drivers/docker/container-plan.ts";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { Images } from "../../platform/drivers/docker/images.ts";
import { Preparations } from "../../platform/drivers/docker/preparation.ts";
import { noEngine } from "./engine.ts";
import { REPOSITORY, runtimeImage, unbuildable } from "./runtime-image.ts";

const RUNTIME = "Java17";
const missing = (await noEngine()) ?? (await unbuildable(RUNTIME));
if (missing !== undefined) console.log(`what is prepared for images is not tested: ${missing}`);

describe.skipIf(missing !== undefined)("Java's archive of loaded classes", () => {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-prepared-"));
  const engine = new Engine();
  let driver: DockerDriver;

  beforeAll(async () => {
    await runtimeImage(engine, RUNTIME);
    driver = await DockerDriver.open({ runDir: join(folder, "run"), repository: REPOSITORY });
  }, 600_000);

  afterAll(async () => {
    await driver.close();
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    "is made once for an image, in a volume, and instances read it from there",
    { timeout: 60_000 },
    async () => {
      // The first ones start without, beside the making.
      let number = 0;
      const maps = async (): Promise<string> => {
        const id = `prepared-${number++}`;
        const instance = await driver.create({ id, runtime: RUNTIME });
        const first = await processOf(id);
        const children = readFileSync(`/proc/${first}/task/${first}/children`, "utf8").trim();
        const mapped = readFileSync(`/proc/${children}/maps`, "utf8");
        await instance.destroy();
        return mapped;
      };
      await expect
        .poll(maps, { timeout: 50_000, interval: 100 })
        .toMatch(/runtime\/java\/classes\/\S+\.jsa$/m);
    },
  );

  test("is not made again where it is, and no container is left", async () => {
    const image = await new Images(engine, REPOSITORY).ofRuntime(RUNTIME);
    const mine = { "fungraph.test": `prepared-${process.pid}` };
    const preparations = new Preparations(engine, mine);
    expect(preparations.of(image)).toBeUndefined();
    await preparations.settled();
    expect(preparations.of(image)?.folder).toBe("/home/snuser/runtime/java/classes");
    const filters = encodeURIComponent(JSON.stringify({ label: [`fungraph.test=prepared-${process.pid}`] }));
    expect(await engine.ask({ method: "GET", path: `/containers/json?all=1&filters=${filters}` })).toEqual(
      [],
    );
  });

  test("is done without for images that know none, and for those that fail at it", async () => {
    const plain = await new Images(engine, REPOSITORY).ofRuntime("Node.js20.15");
    const preparations = new Preparations(engine, {});
    expect(preparations.of(plain)).toBeUndefined();
    const wrong = { ...plain, prepared: "/home/snuser/log" };
    expect(preparations.of(wrong)).toBeUndefined();
    await preparations.settled();
    expect(preparations.of(wrong)).toBeUndefined();
    const { Volumes } = await engine.ask<{ Volumes: { Name: string }[] }>({
      method: "GET",
      path: "/volumes",
    });
    const name = `fungraph-prepared-${plain.id.replace("sha256:", "").slice(0, 12)}`;
    expect(Volumes.map(({ Name }) => Name)).not.toContain(name);
  });

  /** Process id, on this machine, of what an instance's container runs. */
  async function processOf(id: string): Promise<number> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL.instance}=${id}`] }));
    const path = `/containers/json?filters=${filters}`;
    const [found] = await engine.ask<{ Id: string }[]>({ method: "GET", path });
    const { State } = await engine.ask<{ State: { Pid: number } }>({
      method: "GET",
      path: `/containers/${found?.Id ?? ""}/json`,
    });
    return State.Pid;
  }
});
