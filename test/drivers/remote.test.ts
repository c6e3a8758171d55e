import { afterAll, describe } from "vitest";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { driverContract } from "./contract.ts";
import { remoteSubject, SchedulerProcess, type Kind } from "./remote-subject.ts";

const missing = await noEngine();
if (missing !== undefined) console.log(`schedulers with containers are not tested: ${missing}`);

remoteContract("fake instances", "fake");
remoteContract("processes", "auto");
describe.skipIf(missing !== undefined)("the docker driver", () => remoteContract("containers", "docker"));

/** The contract, over a scheduler in a process of its own. */
function remoteContract(what: string, kind: Kind): void {
  let scheduler: Promise<SchedulerProcess> | undefined;
  afterAll(async () => (await scheduler)?.kill());
  driverContract(`remote, over a scheduler with ${what}`, async () => {
    scheduler ??= start(kind);
    return remoteSubject(kind, [await scheduler]);
  });
}

async function start(kind: Kind): Promise<SchedulerProcess> {
  if (kind === "docker") {
    const engine = new Engine();
    await runtimeImage(engine, "Node.js20.15");
    engine.close();
  }
  return SchedulerProcess.start(kind);
}
