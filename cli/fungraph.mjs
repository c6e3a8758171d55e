#!/usr/bin/env node
// Starts the fungraph command on the Node that the package brings, whatever Node the user has.
// Plain JavaScript that Node 18 and newer understand, with no dependency: it runs before anything else is known to work.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));

function packagedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const file = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

const own = Number(process.versions.node.split(".")[0]);
const node = packagedNode() ?? (own >= NEEDED ? process.execPath : undefined);

if (node === undefined) {
  process.stderr.write(
    `fungraph runs on Node ${NEEDED}, which its dependency "node" brings, but that is not installed (this is Node ${process.versions.node}).\n` +
      "Run: npm install --allow-scripts=node\n" +
      "or use Node 24 or newer.\n",
  );
  process.exit(1);
}

const child = spawn(
  node,
  [
    "--disable-warning=ExperimentalWarning",
    "--import",
    join(here, "typescript.mjs"),
    join(here, "fungraph.ts"),
    ...process.argv.slice(2),
  ],
  {
    // The channel says nothing; that it closes tells the child that this process is gone, however it ended.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, PATH: dirname(node) + delimiter + (process.env.PATH ?? "") },
  },
);
child.on("error", (error) => {
  process.stderr.write(`fungraph cannot start ${node}: ${error.message}\n`);
  process.exit(70);
});
// A terminal's Ctrl-C reaches the child by itself; this process only has to outlive it.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) =>
  process.exit(signal === null ? (code ?? 1) : signal === "SIGINT" ? 130 : 143),
);
