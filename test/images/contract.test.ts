import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { casesOf, TOPICS } from "../runtimes/cases.ts";
import type { Language, Started } from "../runtimes/languages/language.ts";
import { go } from "../runtimes/languages/go.ts";
import { java } from "../runtimes/languages/java.ts";
import { nodejs } from "../runtimes/languages/nodejs.ts";
import { php } from "../runtimes/languages/php.ts";
import { python } from "../runtimes/languages/python.ts";
import { runCase } from "../runtimes/run-case.ts";
import { noEngine } from "./engine.ts";
import { REPOSITORY, runtimeImage } from "./runtime-image.ts";

/** Languages whose images can be made here, with the runtime that the image is of. */
const SUBJECTS: readonly (readonly [runtime: string, language: Language])[] = [
  ["Node.js20.15", nodejs],
  ["Python3.10", python],
  ["PHP7.3", php],
  ["Go1.x", go],
  ["Java17", java],
];
const BUILD_MS = 600_000;

const missing = await noEngine();
if (missing !== undefined) console.log(`the contract is not run in images: ${missing}`);

describe.skipIf(missing !== undefined).each(SUBJECTS)("the image of %s", (runtime, language) => {
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
