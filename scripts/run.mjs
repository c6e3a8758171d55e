#!/usr/bin/env node
// Runs a script of this project on the Node that package.json brings, installing the dependencies first when they are missing.
// Plain JavaScript that Node 18 and newer understand: it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, lstatSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeEnvironment } from "../launch/node.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const bin = join(modules, ".bin");
const marker = join(modules, ".package-lock.json");

function installed() {
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

if (!installed()) {
  // npm would empty the folder that it leads to, which is somebody else's.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    process.stderr.write(
      `${modules} is a link to packages of another checkout. Remove it, and run this again.\n`,
    );
    process.exit(1);
  }
  process.stderr.write("Installing dependencies (npm ci), once ...\n");
  const options = ["--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", ["ci", ...options], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(1);
}

const [script, ...args] = process.argv.slice(2);
const child = spawn(join(bin, "node"), [join(root, script), ...args], {
  stdio: "inherit",
  env: { ...nodeEnvironment, ...process.env, PATH: bin + delimiter + process.env.PATH },
});
// The child gets a terminal's Ctrl-C itself; without a terminal somebody meant this process.
process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 130));
