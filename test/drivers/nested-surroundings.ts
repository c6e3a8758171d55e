// A platform in a container of its own, for tests: starts an instance in a VPC and one with a file system, and prints as JSON what they found.
// Arguments: data folder, and a range of addresses that the machine has not.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import { REPOSITORY } from "../images/runtime-image.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

const [folder = "", range = ""] = process.argv.slice(2);
const code = join(folder, "code");
mkdirSync(code, { recursive: true });
writeFileSync(join(code, "index.js"), OPEN_DOOR);
const share = join(folder, "share");
mkdirSync(share, { recursive: true });
chmodSync(share, 0o777);
const driver = await DockerDriver.open({ runDir: join(folder, "run"), repository: REPOSITORY });
await driver.arrange({
  vpcs: [
    {
      id: "88888888-0000-4000-8000-000000000000",
      name: "nested",
      range,
      subnets: [{ id: "all", name: "all", range }],
      zones: [{ name: "shop.internal", records: [{ name: "db", type: "A", values: ["10.0.0.9"] }] }],
      nat: {},
    },
  ],
  fileSystems: [{ id: "files", source: share }],
});

const network = { vpcId: "88888888-0000-4000-8000-000000000000", subnetId: "all" };
const inside = await (await Tenant.start(driver)).claim(code, 256, network);
const name = await inside.run('return (await require("dns").promises.lookup("db.shop.internal")).address');
await inside[Symbol.asyncDispose]();

const mounts = { userId: -1, groupId: -1, mounts: [{ fileSystemId: "files", path: "/mnt/files" }] };
const sharing = await (await Tenant.start(driver, "Node.js20.15", { mounts })).claim(code, 256);
await sharing.run('require("fs").writeFileSync("/mnt/files/word", "hello")');
await sharing[Symbol.asyncDispose]();

await driver.close();
process.stdout.write(`${JSON.stringify({ name, word: readFileSync(join(share, "word"), "utf8") })}\n`);
