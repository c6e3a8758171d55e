import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { install, type Installation } from "../../platform/drivers/process/install/installation.ts";
import { nodeModules, nodeVersions } from "../../platform/drivers/process/install/nodejs.ts";
import { installed, librariesFolder } from "../../platform/drivers/process/languages/installed.ts";
import { nodejs } from "../../platform/drivers/process/languages/nodejs.ts";
import { TemporaryFolder } from "../store/fixtures.ts";

let folder: TemporaryFolder;

beforeEach(() => {
  folder = new TemporaryFolder();
  vi.stubEnv("FUNGRAPH_RUNTIMES", folder.path);
});

afterEach(() => {
  vi.unstubAllEnvs();
  folder[Symbol.dispose]();
});

function installation(make: Installation["make"]): Installation {
  return { what: "nodejs", folder: join(folder.path, "nodejs1.2.3"), make };
}

async function makeNode(work: string): Promise<string> {
  await mkdir(join(work, "made/bin"), { recursive: true });
  await writeFile(join(work, "made/bin/node"), "");
  return join(work, "made");
}

test("a folder is installed once, also when two do so at the same time, and nothing else is left", async () => {
  const working = installation(makeNode);
  expect(await Promise.all([install(working), install(working)])).toContain(true);
  expect(await install(working)).toBe(false);
  expect(await readdir(folder.path)).toEqual(["nodejs1.2.3"]);
});

test("fails without a trace, and works the next time", async () => {
  const failing = installation(async (work) => {
    await writeFile(join(work, "half"), "");
    throw new Error("the network is down");
  });
  await expect(install(failing)).rejects.toThrow("the network is down");
  expect(await readdir(folder.path)).toEqual([]);
  expect(await install(installation(makeNode))).toBe(true);
});

test.skipIf(!existsSync("/proc/self"))("fails where no folder can be made", async () => {
  const nowhere = { ...installation(makeNode), folder: "/proc/nowhere/libraries/nodejs1.2.3" };
  await expect(install(nowhere)).rejects.toThrow("ENOENT");
});

test("an interpreter in a folder that is named after it is found, and the oldest that is new enough is taken", async () => {
  for (const name of ["nodejs8.17.0", "nodejs12.22.12", "nodejs-libraries", "nodejs20"])
    await mkdir(join(folder.path, name, "bin"), { recursive: true });
  for (const name of ["nodejs8.17.0", "nodejs12.22.12"])
    await writeFile(join(folder.path, name, "bin/node"), "");
  const own = installed("nodejs").filter((one) => one.folder.startsWith(folder.path));
  expect(own.map(({ version }) => version).sort()).toEqual(["12.22.12", "8.17.0"]);
  const found = (await nodejs.find()).filter(({ program }) => !program.startsWith("/opt/function"));
  expect(nodejs.choose(found, "6.10")?.version).toBe("8.17.0");
  expect(nodejs.choose(found, "10.16")?.version).toBe("12.22.12");
  expect(nodejs.choose(found, "20.15")?.version).toBe(process.versions.node);
});

test("there is one Node.js a line of the guide, and two sets of modules", () => {
  const lines = nodeVersions().map((one) => /nodejs(\d+)\./.exec(one.folder)?.[1]);
  expect(lines.map(Number).sort((one, other) => one - other)).toEqual([6, 8, 10, 12, 14, 16, 18, 20]);
  expect(nodeModules().map((one) => existsSync(one.folder))).toEqual([false, false]);
});

test("libraries lie elsewhere when what pins them changes", async () => {
  const list = join(folder.path, "list.txt");
  await writeFile(list, "a==1");
  const before = librariesFolder("python3.12", [list]);
  expect(librariesFolder("python3.12", [list])).toBe(before);
  await writeFile(list, "a==2");
  expect(librariesFolder("python3.12", [list])).not.toBe(before);
});
