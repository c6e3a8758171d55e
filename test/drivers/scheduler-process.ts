// A scheduler without a platform: node scheduler-process.ts SOCKET RUN_DIR fake|auto|bare|docker. Says "ready" when it listens.
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import { ProcessDriver } from "../../platform/drivers/process/process-driver.ts";
import { DriverHost } from "../../platform/drivers/remote/driver-host.ts";
import type { OpenGatewayDriver } from "../../platform/drivers/remote/gateway-session.ts";
import { REPOSITORY } from "../images/runtime-image.ts";
import { LOADING } from "./subjects.ts";

const [path = "", runDir = "", kind = "fake"] = process.argv.slice(2);
const openDriver: OpenGatewayDriver = async ({ codeRoot, openLine, awaitLine }) => {
  if (kind === "fake") return new FakeDriver(LOADING);
  if (kind === "docker") return DockerDriver.open({ runDir, repository: REPOSITORY, awaitLine });
  return ProcessDriver.open({ runDir, codeRoot, openLine, isolation: kind === "bare" ? "bare" : "auto" });
};
await DriverHost.open({ path, openDriver, recoverMs: 5000, problem: (error) => console.error(error) });
process.stdout.write("ready\n");
