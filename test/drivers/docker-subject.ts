import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LABEL } from "../../platform/drivers/docker/container-plan.ts";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { REPOSITORY } from "../images/runtime-image.ts";
import type { Subject } from "./contract.ts";
import { writeCode } from "./subjects.ts";

export interface DockerSubject extends Subject {
  readonly driver: DockerDriver;
  readonly folder: string;
}

/** The docker driver in a data folder of its own. @param repository of its images. Default: those of tests */
export async function dockerSubject(repository = REPOSITORY): Promise<DockerSubject> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-driver-"));
  const [runDir, codeRoot] = [join(folder, "run"), join(folder, "code")];
  mkdirSync(codeRoot, { mode: 0o700 });
  return {
    folder,
    driver: await DockerDriver.open({ runDir, repository }),
    code: (name, source) => writeCode(codeRoot, name, source),
    print: (text) => `require("fs").writeSync(1, ${JSON.stringify(`${text}\n`)})`,
    exit: (code) => `process.exit(${code})`,
    leftovers: async () => [...readdirSync(runDir), ...(await containersOf(process.pid))],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Containers and networks that platforms of a process left. */
export async function containersOf(pid: number): Promise<string[]> {
  const engine = new Engine();
  const ask = (path: string): Promise<{ Labels: Record<string, string> }[]> =>
    engine.ask({ method: "GET", path });
  const found = [...(await ask("/containers/json?all=1")), ...(await ask("/networks"))];
  engine.close();
  return found.map(({ Labels }) => Labels[LABEL.owner] ?? "").filter((owner) => owner.startsWith(`${pid}-`));
}
