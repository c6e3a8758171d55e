// A platform of its own for tests that kill it: hosts two instances, says so, and waits. Arguments: data folder, word to find its children by,
// and how instances are kept apart.
import { join } from "node:path";
import { ProcessDriver } from "../../platform/drivers/process/process-driver.ts";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import { REPOSITORY } from "../images/runtime-image.ts";
import { Tenant } from "./tenant.ts";

const [folder = "", word = "", isolation = "auto"] = process.argv.slice(2);
const runDir = join(folder, "run");
const driver =
  isolation === "docker"
    ? await DockerDriver.open({ runDir, repository: REPOSITORY })
    : await ProcessDriver.open({
        runDir,
        codeRoot: join(folder, "code"),
        isolation: isolation === "bare" ? "bare" : "auto",
      });
const running = await (await Tenant.start(driver)).claim(join(folder, "code", "a"));
const paused = await (await Tenant.start(driver)).claim(join(folder, "code", "a"));
for (const tenant of [running, paused])
  await tenant.run(
    `require("child_process").spawn("sleep", ["${word}"], { detached: true, stdio: "ignore" })`,
  );
await paused.instance.pause();
process.stdout.write("ready\n");
setInterval(() => undefined, 1_000);
