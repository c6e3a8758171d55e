// A platform in a container of its own, for tests: starts an instance, calls it, and prints as JSON what it found. Argument: data folder.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import { REPOSITORY } from "../images/runtime-image.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

const [folder = ""] = process.argv.slice(2);
const code = join(folder, "code");
mkdirSync(code, { recursive: true });
writeFileSync(join(code, "index.js"), OPEN_DOOR);
const driver = await DockerDriver.open({ runDir: join(folder, "run"), repository: REPOSITORY });
const tenant = await (await Tenant.start(driver)).claim(code, 256);
const files = await tenant.run('return require("fs").readdirSync("/opt/function/code")');
const { memoryBytes } = await tenant.instance.usage();
await tenant[Symbol.asyncDispose]();
await driver.close();
const { missing } = driver.capabilities;
process.stdout.write(`${JSON.stringify({ files, memoryBytes, missing })}\n`);
