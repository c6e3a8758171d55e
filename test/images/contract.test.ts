import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { casesOf, TOPICS } from "../runtimes/cases.ts";
import type { Started } from "../runtimes/languages/language.ts";
import { runCase } from "../runtimes/run-case.ts";
import { noEngine } from "./engine.ts";
import { REPOSITORY, runtimeImage, unbuildable } from "./runtime-image.ts";
import { SUBJECTS } from "./subjects.ts";

const BUILD_MS = 600_000;

const missing = await noEngine();
if (missing !== undefined) console.log(`the contract is not run in images: ${missing}`);

const subjects = missing === undefined ? await buildable() : SUBJECTS;

describe.skipIf(missing !== undefined).each(subjects)("the image of %s", (runtime, language) => {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-images-"));
  let driver: DockerDriver;
  let number = 0;

  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, runtime);
    engine.close();
    driver = await DockerDriver.open({ runDir: join(folder, "run"), repository: REPOSITORY });
  }, BUILD_MS);

  afterAll(async () => {
    await driver.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (code: string): Promise<Started> => {
    number += 1;
    const instance = await driver.create({ id: `case-${number}`, runtime });
    const { stream, token, exited } = instance;
    if (stream === undefined) throw new Error("a runtime has a link");
    const codeRoot = await instance.claim({ codeDir: code, memoryMb: 512, cpuMillicores: 2000 });
    return {
      stream,
      token,
      codeRoot,
      exited,
      onOutput: (listener) => instance.onOutput(listener),
      end: () => instance.destroy(),
    };
  };

  describe.each(TOPICS)("%s", (topic) => {
    const cases = casesOf(topic, language.family).filter((one) => one.not === undefined);
    test.each(cases.map((one) => [one.name, one] as const))("%s", (_name, one) =>
      runCase(language, { title: runtime, start }, one),
    );
  });
});

/** Says once which images cannot be built here. */
async function buildable(): Promise<typeof SUBJECTS> {
  const asked = await Promise.all(SUBJECTS.map(async (one) => ({ one, why: await unbuildable(one[0]) })));
  for (const { one, why } of asked) if (why !== undefined) console.log(`no image of ${one[0]}: ${why}`);
  return asked.filter(({ why }) => why === undefined).map(({ one }) => one);
}
