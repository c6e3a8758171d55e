import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copySources, IMAGES, type Family, type Language, type Program } from "./language.ts";

const ENDING = ".js";
const CUSTOM = "custom";
const IN_SANDBOX = "/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node";
/** A network of its own, where port 8000 is free. */
const APART = ["--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];

/** A program of the function's own on the Runtime API: the case's handler in the loop of `contract/custom/serve.js`. */
export const custom: Language = {
  ...common(CUSTOM),
  subjects: () => Promise.resolve({ found: [program(CUSTOM, [])], missing: [] }),
  async putCode(id, folder) {
    await copySources(CUSTOM, { id, ending: ENDING }, folder);
    await cp(join(IMAGES, "contract", CUSTOM, "serve.js"), join(folder, "serve.js"));
    await putProgram(folder, 'require("./serve")(require("./index"));');
  },
};

/** A web server of the function's own: the case's code is the server. */
export const http: Language = {
  ...common("http"),
  subjects: () =>
    Promise.resolve(
      spawnSync("unshare", [...APART, "true"]).status === 0
        ? { found: [program("http", APART)], missing: [] }
        : { found: [], missing: ["http: this machine gives no process a network of its own"] },
    ),
  async putCode(id, folder) {
    await copySources("http", { id, ending: ENDING }, folder);
    await putProgram(folder, 'require("./index");');
  },
};

function common<Name extends Family>(family: Name): { family: Name; handler: (name: string) => string } {
  return { family, handler: () => "bootstrap" };
}

function program(family: Family, apart: readonly string[]): Program {
  const start = [process.execPath, join(IMAGES, family, "bootstrap.js")];
  const [command = "", ...args] = apart.length === 0 ? start : ["unshare", ...apart, ...start];
  return { title: family, command, args, env: { FUNGRAPH_DOOR: "tcp:127.0.0.1:0" } };
}

/** No program for a case without its main file. In a sandbox Node.js is where the guide has it, and this one's is out of sight. */
async function putProgram(folder: string, line: string): Promise<void> {
  if (!existsSync(join(folder, `index${ENDING}`))) return;
  await writeFile(join(folder, "main.js"), `${line}\n`);
  const start = `#!/bin/sh
for node in ${IN_SANDBOX} ${process.execPath}; do
  [ -x "$node" ] && exec "$node" "$(dirname "$0")/main.js"
done
`;
  await writeFile(join(folder, "bootstrap"), start, { mode: 0o755 });
}
