import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { subnetId } from "../../model/vpc.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { surroundingsKeeper, type SurroundingsKeeper } from "../../platform/surroundings.ts";
import { dockerSubject, type DockerSubject } from "../drivers/docker-subject.ts";
import { invoke } from "../gateway/caller.ts";
import { startStack, type Stack } from "../gateway/stack.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";

const NET = 224 + (process.pid % 30);
const VPC_ID = "55555555-0000-4000-8000-000000000000";
const FILES_ID = "66666666-0000-4000-8000-000000000000";

/** Says where it is, takes a word from a file and leaves another. */
const CODE = `
const fs = require("fs");
exports.handler = async ({ write, file }, _context) => {
  if (write !== undefined) fs.writeFileSync(file, write);
  const all = Object.values(require("os").networkInterfaces()).flat().filter(({ internal }) => !internal);
  return JSON.stringify({
    addresses: all.map(({ address }) => address),
    word: file !== undefined && fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "",
    user: process.getuid(),
  });
};`;

const missing = await noEngine();
if (missing !== undefined) console.log(`surroundings of functions are not tested: ${missing}`);

describe.skipIf(missing !== undefined)("functions on a platform with containers", () => {
  let subject: DockerSubject;
  let stack: Stack;
  let keeper: SurroundingsKeeper;

  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, "Node.js20.15");
    engine.close();
    subject = await dockerSubject();
    stack = await startStack({ driver: subject.driver });
    const { store, credential } = stack;
    const { projectId } = credential;
    store.facilities.put("vpc", {
      id: VPC_ID,
      projectId,
      spec: {
        name: "shop",
        range: `10.${NET}.0.0/16`,
        subnets: [{ name: "front", range: `10.${NET}.7.0/24` }],
        zones: [],
      },
    });
    store.facilities.put("file-system", { id: FILES_ID, projectId, spec: { name: "files" } });
    const found = surroundingsKeeper(store, subject.driver, subject.folder);
    if (found === undefined) throw new Error("the docker driver has surroundings");
    keeper = found;
    await keeper.arrange();
  }, 600_000);

  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    expect(await subject.leftovers()).toEqual([]);
    subject.remove();
  });

  const call = async (name: string, event: object): Promise<unknown> =>
    JSON.parse((await invoke(stack, name, JSON.stringify(event))).body);

  test("run in their VPC from the first request on, and the others do not", async () => {
    const network = { vpcId: VPC_ID, subnetId: subnetId(VPC_ID, "front") };
    await stack.deploy({ "index.js": CODE }, { name: "inside", network, timeoutSeconds: 20 });
    await stack.deploy({ "index.js": CODE }, { name: "outside", timeoutSeconds: 20 });
    const own: unknown = expect.stringMatching(new RegExp(`^10\\.${NET}\\.7\\.`));
    expect(await call("inside", {})).toMatchObject({ addresses: [own] });
    expect(await call("outside", {})).toMatchObject({
      addresses: [expect.not.stringMatching(`^10\\.${NET}\\.`)],
    });
    // A function that leaves its VPC gets an instance outside of it.
    await stack.deploy({ "index.js": CODE }, { name: "inside", timeoutSeconds: 20 });
    expect(await call("inside", {})).not.toMatchObject({ addresses: [own] });
  });

  test("share the files of a file system, also in a VPC, until it is discarded", async () => {
    const network = { vpcId: VPC_ID, subnetId: subnetId(VPC_ID, "front") };
    const at = (path: string, userId = -1) => ({
      fileSystems: { userId, groupId: -1, mounts: [{ fileSystemId: FILES_ID, path }] },
      timeoutSeconds: 20,
    });
    await stack.deploy({ "index.js": CODE }, { name: "writer", ...at("/mnt/files", 2000), network });
    await stack.deploy({ "index.js": CODE }, { name: "reader", ...at("/data") });
    const wrote = await call("writer", { file: "/mnt/files/word", write: "hello" });
    expect(wrote).toMatchObject({ user: 2000, addresses: [expect.stringMatching(`^10\\.${NET}\\.7\\.`)] });
    expect(await call("reader", { file: "/data/word" })).toMatchObject({ word: "hello", user: 1003 });
    const folder = join(subject.folder, "shares", FILES_ID);
    expect(existsSync(join(folder, "word"))).toBe(true);
    stack.store.facilities.delete("file-system", FILES_ID);
    await keeper.arrange();
    expect(existsSync(join(folder, "word"))).toBe(true);
    await keeper.discard(FILES_ID);
    expect(existsSync(folder)).toBe(false);
  });

  test("are told what is missing where their VPC is not there", async () => {
    const network = { vpcId: "nowhere", subnetId: "nowhere" };
    await stack.deploy({ "index.js": CODE }, { name: "lost", network, timeoutSeconds: 20 });
    const { body } = await invoke(stack, "lost", "{}");
    expect(body).toContain("the VPC nowhere is not there");
  });
});
