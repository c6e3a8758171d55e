import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { Container } from "../../platform/drivers/docker/container.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { base } from "../images/bases.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const NESTED = fileURLToPath(new URL("nested.ts", import.meta.url));
/** Other tests on this machine have other numbers. */
const RANGE = `10.${32 + (process.pid % 30)}.0.0/24`;
const SURROUNDINGS = fileURLToPath(new URL("nested-surroundings.ts", import.meta.url));
const missing = await noEngine();
if (missing !== undefined) console.log(`a platform in a container is not tested: ${missing}`);

describe.skipIf(missing !== undefined)("a platform in a container of its own", () => {
  let image = "";

  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, "Node.js20.15");
    await runtimeImage(engine, "gateway");
    image = await base(engine, "nodejs");
    engine.close();
  }, 600_000);

  test.each([
    ["on a network of its own", {}, true],
    ["on the machine's network", { NetworkMode: "host" }, true],
    ["with the machine's processes in sight", { NetworkMode: "host", PidMode: "host" }, false],
  ])("starts instances beside it, %s", async (_how, host, hidden) => {
    const found = (await nested([NESTED, "/data"], host)) as { missing: string[] };
    expect(found).toMatchObject({ files: ["index.js"], memoryBytes: expect.any(Number) as number });
    expect(found.missing.some((sentence) => sentence.startsWith("memory apart from /tmp"))).toBe(hidden);
  });

  test("needs the engine alone for networks and file systems of functions", async () => {
    const found = await nested([SURROUNDINGS, "/data", RANGE], {});
    expect(found).toEqual({ name: "10.0.0.9", word: "hello" });
  });

  /** What a program says that runs in a container with the engine's socket and a volume for its data. */
  async function nested(command: readonly string[], host: object): Promise<unknown> {
    const engine = new Engine();
    const volume = `fungraph-test-nested-${process.pid}`;
    const container = await Container.create(engine, {
      Image: image,
      Cmd: ["node", ...command],
      HostConfig: {
        ...host,
        Binds: [`${PROJECT}:${PROJECT}:ro`, `${engine.socketPath}:/var/run/docker.sock`, `${volume}:/data`],
      },
    });
    try {
      let said = "";
      await container.start();
      container.onOutput((chunk) => (said += chunk.toString()));
      expect(await container.ended(), said).toMatchObject({ code: 0 });
      return JSON.parse(said.slice(said.indexOf("{"))) as unknown;
    } finally {
      await container.remove();
      await engine.ask({ method: "DELETE", path: `/volumes/${volume}` });
      engine.close();
    }
  }
});
