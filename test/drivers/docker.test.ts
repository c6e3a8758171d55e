import { beforeAll, describe } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { driverContract } from "./contract.ts";
import { dockerSubject } from "./docker-subject.ts";

const missing = await noEngine();
if (missing !== undefined) console.log(`the docker driver is not tested: ${missing}`);

describe.skipIf(missing !== undefined)("the docker driver", () => {
  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, "Node.js20.15");
    engine.close();
  }, 600_000);

  driverContract("docker", dockerSubject);
});
