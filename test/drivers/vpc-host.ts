// A platform of its own for tests that kill it: makes a VPC with zones and a way out, says so, and waits. Arguments: run folder, and the VPC.
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import type { VpcPlan } from "../../platform/drivers/surroundings.ts";
import { REPOSITORY } from "../images/runtime-image.ts";

const [runDir = "", vpc = ""] = process.argv.slice(2);
const driver = await DockerDriver.open({ runDir, repository: REPOSITORY });
await driver.arrange({ vpcs: [JSON.parse(vpc) as VpcPlan], fileSystems: [] });
process.stdout.write("ready\n");
setInterval(() => undefined, 1_000);
