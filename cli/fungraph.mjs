#!/usr/bin/env node
// Starts the fungraph command on the Node that the package brings, whatever Node the user has.
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode, nodeArguments, nodeEnvironment } from "../launch/node.mjs";

const node = findNode();
const program = join(dirname(fileURLToPath(import.meta.url)), "fungraph.ts");

const child = spawn(node, [...nodeArguments, program, ...process.argv.slice(2)], {
  // The channel says nothing; that it closes tells the child that this process is gone, however it ended.
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: { ...nodeEnvironment, ...process.env, PATH: dirname(node) + delimiter + (process.env.PATH ?? "") },
});
child.on("error", (error) => {
  process.stderr.write(`fungraph cannot start ${node}: ${error.message}\n`);
  process.exit(70);
});
// A terminal's Ctrl-C reaches the child by itself too; the child takes both for one.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) =>
  process.exit(signal === null ? (code ?? 1) : signal === "SIGINT" ? 130 : 143),
);
