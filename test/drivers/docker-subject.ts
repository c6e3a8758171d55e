import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import type { Subject } from "./contract.ts";
import { writeCode } from "./subjects.ts";

/** The docker driver in a data folder of its own. */
export async function dockerSubject(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-driver-"));
  const [runDir, codeRoot] = [join(folder, "run"), join(folder, "code")];
  mkdirSync(codeRoot, { mode: 0o700 });
  return {
    driver: await DockerDriver.open({ runDir }),
    code: (name, source) => writeCode(codeRoot, name, source),
    print: (text) => `require("fs").writeSync(1, ${JSON.stringify(`${text}\n`)})`,
    exit: (code) => `process.exit(${code})`,
    leftovers: () => readdirSync(runDir),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
